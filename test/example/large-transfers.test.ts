/** A large transfer needs more than a code by message. */

import { beforeAll, describe, expect, test } from 'vitest'

import { setUpApp } from '../support/app-in-example.js'
import type { Browser } from '../support/browser.js'
import { expectOwnProblem } from '../support/example-problem.js'
import { newDatabase, phones, startExample, verify, type Example } from '../support/example.js'
import { tagsOf, textOf } from '../support/html.js'

const mount = '/second-factor'

describe('a large transfer', () => {
  let example: Example
  beforeAll(async () => {
    example = await startExample({ DATABASE_URL: newDatabase(), OTP_SENDS_PER_DAY: '100' })
  })

  async function passed(username: keyof typeof phones): Promise<Browser> {
    const browser = await example.login(username)
    expect((await verify(browser, await example.codeFor(phones[username]))).status).toBe(200)
    return browser
  }

  test('by a session that passed only by message is refused above 100.00, with a link to enrolment', async () => {
    const attacker = await passed('alice')
    for (const amount of ['100.01', '100,01', ' 100.01 ', '0100.01', 100.01, 101, '999999999']) {
      const refused = await attacker.post('/transfer', { to: 'mallory', amount })
      expect(refused.json).toMatchObject({
        status: 403,
        code: 'second_factor_insufficient',
        methods: ['passkey', 'totp'],
        enrolUrl: `${mount}/factors`,
      })
    }
    const small = await attacker.post('/transfer', { to: 'mallory', amount: '100.00' })
    expect(small.status).toBe(200)
    expect(textOf((await attacker.page('/account')).text)).toContain('Balance €1,406.60')
  })

  test('leads a user with only a phone to set up an app, and back to the form as it was left', async () => {
    const bob = await passed('bob')
    const account = `${example.url}/account`
    const form = new URLSearchParams({ to: 'alice', amount: '250' }).toString()
    const headers = {
      accept: 'text/html',
      referer: account,
      'content-type': 'application/x-www-form-urlencoded',
    }
    const stopped = await bob.ask('/transfer', { method: 'POST', headers, body: form })
    expect([stopped.status, stopped.headers.get('location')]).toEqual([303, `${mount}/`])
    const choice = textOf((await bob.page(`${mount}/`)).text)
    expect(choice).toContain('This needs another way to confirm it’s you.')
    expect(choice).toMatch(/Add a passkey .+ Set up an authenticator app/)
    await setUpApp(example, bob)
    const back = await bob.page('/account')
    expect(textOf(back.text)).toContain('Nothing has been sent yet.')
    const typed = tagsOf(back.text, 'input').map(({ name, value }) => [name, value])
    expect(typed).toEqual([
      ['to', 'alice'],
      ['amount', '250'],
    ])
    expect((await bob.post('/transfer', { to: 'alice', amount: '250' })).status).toBe(200)
  })

  test('needs a fresh code like any other: five minutes after the app’s code it asks again', async () => {
    const dave = await passed('dave')
    const code = await setUpApp(example, dave)
    await example.advance(301)
    const large = { to: 'bob', amount: '101' }
    expectOwnProblem(await dave.post('/transfer', large), 403, 'second_factor_stale')
    expect((await verify(dave, await code())).status).toBe(200)
    expect((await dave.post('/transfer', large)).status).toBe(200)
  })
})
