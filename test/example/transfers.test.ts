/** Money moves from one user to another once, and only these two can see it. */

import { fileURLToPath, pathToFileURL } from 'node:url'

import { beforeAll, describe, expect, test } from 'vitest'

import type { Browser } from '../support/browser.js'
import { withSequelize, type openSequelize } from '../support/databases.js'
import { setUpApp } from '../support/app-in-example.js'
import { expectOwnProblem } from '../support/example-problem.js'
import { phones, startExample, verify, type Example } from '../support/example.js'
import { tagsOf, textOf } from '../support/html.js'
import { together } from '../support/in-or-out.js'
import { scratchDatabases } from '../support/scratch-databases.js'

/** The checks of the example's own built file. */
interface TransfersFile {
  readonly createTransfers: (sequelize: ReturnType<typeof openSequelize>) => {
    send(from: { username: string }, to: string, cents: number): Promise<number | null>
    statementOf(user: { username: string }): Promise<{ cents: number }>
  }
}
const file = fileURLToPath(new URL('../../example-app/dist/transfers.js', import.meta.url))
const { createTransfers } = (await import(pathToFileURL(file).href)) as TransfersFile

for (const database of await scratchDatabases()) {
  const { name, url } = database
  describe(`a transfer on ${name}`, () => {
    let example: Example
    let alice: Browser
    let bob: Browser
    let dave: Browser
    beforeAll(async () => {
      example = await startExample({ DATABASE_URL: url })
      const passed = async (username: keyof typeof phones) => {
        const browser = await example.login(username)
        await verify(browser, await example.codeFor(phones[username]))
        // Large transfers want it.
        await setUpApp(example, browser)
        return browser
      }
      ;[alice, bob, dave] = [await passed('alice'), await passed('bob'), await passed('dave')]
    })

    const account = async (browser: Browser) => textOf((await browser.page('/account')).text)

    test('is taken from one account and added to the other', async () => {
      expect(await account(alice)).toContain('Balance €1,506.60')
      const sent = await alice.post('/transfer', { to: 'bob', amount: 12.5 })
      expect(sent.json).toEqual({ status: 'transferred', to: 'bob', amount: 12.5 })
      await bob.post('/transfer', { to: 'alice', amount: '0.05' })
      expect(await account(alice)).toMatch(/Balance €1,494\.15 bob \+€0\.05 .+ bob −€12\.50 /)
      expect(await account(bob)).toMatch(/Balance €1,519\.05 alice −€0\.05 .+ alice \+€12\.50 /)
      expect(await account(dave)).toContain('Balance €1,506.60 Lakeside Housing')
    })

    test('by a form leads to a page that can be reloaded and that nobody else can see', async () => {
      const before = await account(dave)
      const form = await alice.submit('/transfer', { to: 'bob', amount: '1009.99' })
      const path = form.headers.get('location') ?? ''
      expect([form.status, path]).toEqual([303, expect.stringMatching(/^\/transfers\/\d+$/)])
      for (const text of [await alice.page(path), await alice.page(path)].map(({ text }) => text)) {
        expect(text).toContain('You sent €1,009.99 to bob.')
      }
      expect((await bob.page(path)).text).toContain('alice sent you €1,009.99.')
      expect((await bob.get(path)).json).toMatchObject({ with: 'alice', amount: 1009.99 })
      expectOwnProblem(await dave.get(path), 404, 'not_found')
      expectOwnProblem(await example.browser().get(path), 401, 'login_required')
      for (const nowhere of ['/transfers/0', '/transfers/x', '/transfers/99999999999']) {
        expectOwnProblem(await alice.get(nowhere), 404, 'not_found')
      }
      expect(await account(dave)).toBe(before)
      expect(await account(alice)).toContain('Balance €484.16')
    })

    test('that is refused keeps the form as it was filled in and moves nothing', async () => {
      const before = await account(alice)
      const refused = await alice.submit('/transfer', { to: '"bob"', amount: '1,500' })
      expect(refused.status).toBe(400)
      expect(refused.text).toContain('Enter an amount, such as 12.50.')
      const values = tagsOf(refused.text, 'input').map((field) => [
        field['name'],
        field['value'],
        field['aria-invalid'],
      ])
      expect(values).toEqual([
        ['to', '&#34;bob&#34;', undefined],
        ['amount', '1,500', 'true'],
      ])
      for (const amount of [0.001, 12.345, 1e9, 1e300, '1000000000', '12.345']) {
        const answer = await alice.post('/transfer', { to: 'bob', amount })
        expectOwnProblem(answer, 400, 'malformed_request')
      }
      expect(await account(alice)).toBe(before)
    })

    test('accepts cents after a point or a comma', async () => {
      for (const [amount, cents] of [
        ['0,5', 0.5],
        ['0.50', 0.5],
        [' 1,25 ', 1.25],
        [0.29, 0.29],
      ] as const) {
        const sent = await dave.post('/transfer', { to: 'bob', amount })
        expect(sent.json).toEqual({ status: 'transferred', to: 'bob', amount: cents })
      }
    })

    test('of more than the balance is refused with the balance', async () => {
      const refused = await dave.post('/transfer', { to: 'Lakeside', amount: '1504.07' })
      expectOwnProblem(refused, 422, 'balance_too_low')
      const page = await dave.submit('/transfer', { to: 'Lakeside', amount: '1504.07' })
      expect(textOf(page.text)).toContain('You have €1,504.06. Enter a smaller amount.')
      const all = await dave.post('/transfer', { to: 'Lakeside', amount: '1504.06' })
      expect(all.status).toBe(200)
      expect(await account(dave)).toContain('Balance €0.00')
    })

    test('repeated thirty times at once never takes more than the balance', async () => {
      await withSequelize(database, {}, async (sequelize) => {
        const transfers = createTransfers(sequelize)
        const sender = { username: 'trudy' }
        const sent = await together(30, () => transfers.send(sender, 'Lakeside', 50_000))
        expect(sent.filter((id) => id !== null)).toHaveLength(3)
        expect((await transfers.statementOf(sender)).cents).toBe(150_660 - 3 * 50_000)
      })
    })
  })
}
