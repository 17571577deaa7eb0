/** Money moves from one user to another, once, and only these two see it. */

import { beforeAll, describe, expect, test } from 'vitest'

import type { Browser } from '../support/browser.js'
import { expectOwnProblem } from '../support/example-problem.js'
import { phones, startExample, verify, type Example } from '../support/example.js'
import { tagsOf, textOf } from '../support/html.js'
import { scratchDatabases } from '../support/scratch-databases.js'

for (const { name, url } of await scratchDatabases()) {
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

    test('by a form leads to a page that can be loaded again, and that nobody else sees', async () => {
      const before = await account(dave)
      const form = await alice.submit('/transfer', { to: 'bob', amount: '1999999.99' })
      const path = form.headers.get('location') ?? ''
      expect([form.status, path]).toEqual([303, expect.stringMatching(/^\/transfers\/\d+$/)])
      for (const text of [await alice.page(path), await alice.page(path)].map(({ text }) => text)) {
        expect(text).toContain('Transferred €1,999,999.99 to bob.')
      }
      expect((await bob.page(path)).text).toContain('alice transferred €1,999,999.99 to you.')
      expect((await bob.get(path)).json).toMatchObject({ with: 'alice', amount: 1_999_999.99 })
      expectOwnProblem(await dave.get(path), 404, 'not_found')
      expectOwnProblem(await example.browser().get(path), 401, 'login_required')
      for (const nowhere of ['/transfers/0', '/transfers/x', '/transfers/99999999999']) {
        expectOwnProblem(await alice.get(nowhere), 404, 'not_found')
      }
      expect(await account(dave)).toBe(before)
      expect(await account(alice)).toContain('Balance −€1,998,505.84')
    })

    test('that is refused leaves the form as it was filled in, and moves nothing', async () => {
      const before = await account(alice)
      const refused = await alice.submit('/transfer', { to: '"bob"', amount: '1,50' })
      expect(refused.status).toBe(400)
      expect(refused.text).toContain('Give a recipient and an amount above 0.')
      const values = tagsOf(refused.text, 'input').map(({ name, value }) => [name, value])
      expect(values).toEqual([
        ['to', '&#34;bob&#34;'],
        ['amount', '1,50'],
      ])
      for (const amount of [0.001, 12.345, 1e9, 1e300, '1000000000', '12.345']) {
        const answer = await alice.post('/transfer', { to: 'bob', amount })
        expectOwnProblem(answer, 400, 'malformed_request')
      }
      expect(await account(alice)).toBe(before)
    })
  })
}
