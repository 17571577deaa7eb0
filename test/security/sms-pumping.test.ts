/**
 * The attacker is paid per message, or wants to make somebody's phone ring: they ask for codes as fast as they can, in
 * many sessions, all at once, for many phones, and through other people's browsers. Only a POST by a person whose
 * password was accepted sends anything, and no faster than the user's resend ladder and daily limit allow.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { inParallel } from '../../src/testing/contract-fixtures.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { passedBrowser } from '../support/in-or-out.js'
import { failTimes } from '../support/misuse.js'
import { at, startTwoApps } from '../support/two-apps.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

const sent = () => app.inbox.inbox().length

test('50 requests at once in one session send one message', async () => {
  const alice = await app.login('alice')
  app.clock.advance(30)
  const answers = await inParallel(50, () => alice.copy().post('/second-factor/challenge'))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(49)
  expect(sent()).toBe(2)
})

test('50 logins at once, over two instances, send one message', async () => {
  const [first, second] = await startTwoApps()
  try {
    await inParallel(50, async (n) => (n % 2 === 0 ? first : second).login('alice'))
    const jars = await inParallel(10, () => first.login('alice'))
    const answers = await Promise.all(
      jars.map((jar, n) => at(n % 2 === 0 ? first : second, jar).post('/second-factor/challenge')),
    )
    expect(answers.every(({ status }) => status === 429)).toBe(true)
    expect(first.inbox.inbox()).toHaveLength(1)
  } finally {
    await Promise.all([first.close(), second.close()])
  }
})

test('asking every three seconds for a minute, each time in a new session, sends two messages', async () => {
  for (let n = 0; n < 20; n += 1) {
    const answer = await (await app.login('alice')).post('/second-factor/challenge')
    if (answer.status !== 201) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
    app.clock.advance(3)
  }
  expect(sent()).toBe(2)
})

test('no logout, revocation, cancellation or clock set back a little shortens the resend wait', async () => {
  const alice = await app.login('alice')
  app.clock.advance(30)
  await alice.post('/second-factor/challenge')
  await alice.delete('/second-factor/challenge')
  await alice.post('/logout')
  await app.secondFactor.revoke(app.users[0] as Express.User)
  app.clock.advance(30)
  const again = await app.login('alice')
  app.clock.advance(-20)
  expect((await again.post('/second-factor/challenge')).json['code']).toBe('cooldown')
  expect(sent()).toBe(2)
})

test('a user gets ten messages a day, for sign-ins and phones together', async () => {
  const phones = Array.from({ length: 40 }, (_, n) => `+1415555${String(1000 + n)}`)
  for (const phone of phones) {
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone })
    app.clock.advance(600)
  }
  expect(sent()).toBe(10)
  const refused = await (
    await app.login('carol')
  ).post('/second-factor/phone', {
    phone: '+14155550199',
  })
  expect(refused.json['code']).toBe('send_limit')
})

test('an attacker who enters every code is sent fifty more a day, and no more', async () => {
  for (let n = 0; n < 60; n += 1) await passedBrowser(app, 'alice')
  const answer = await (await app.login('alice')).post('/second-factor/challenge')
  expect(answer.json['code']).toBe('send_limit')
  expect(sent()).toBe(60)
})

test('a right code in another session restores no message to an attacker', async () => {
  for (let n = 0; n < 9; n += 1) {
    const attacker = await app.login('alice')
    await attacker.delete('/second-factor/challenge')
    app.clock.advance(600)
  }
  await passedBrowser(app, 'alice')
  expect(sent()).toBe(10)
  await app.login('alice')
  expect((await (await app.login('alice')).post('/second-factor/challenge')).json['code']).toBe(
    'send_limit',
  )
  expect(sent()).toBe(11)
})

test('a locked user is sent no message from any endpoint', async () => {
  const attacker = await app.login('alice')
  await failTimes(app, attacker, 'alice', 10)
  const before = sent()
  app.clock.advance(1200)
  const again = await app.login('alice')
  expect((await again.post('/second-factor/challenge')).json['code']).toBe('locked_out')
  expect(await app.secondFactor.start(app.users[0] as Express.User)).toMatchObject({
    code: 'locked_out',
  })
  expect(sent()).toBe(before)
})

test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH'])(
  '%s sends nothing, and neither does a browser prefetch',
  async (method) => {
    const alice = await app.login('alice')
    const carol = await app.login('carol')
    app.clock.advance(600 - 1)
    const headers = { 'sec-purpose': 'prefetch', purpose: 'prefetch', accept: 'text/html' }
    for (const path of ['/second-factor/', '/second-factor/challenge', '/account', '/login']) {
      await alice.ask(path, { method, headers })
    }
    await carol.ask('/second-factor/phone?phone=%2B14155550199', { method, headers })
    expect(sent()).toBe(1)
  },
)

test('a request without a login sends nothing to any phone', async () => {
  const stranger = app.browser()
  const answers = [
    await stranger.post('/second-factor/challenge'),
    await stranger.post('/second-factor/phone', { phone: '+14155550199' }),
    await stranger.post('/second-factor/phone/verify', { code: '123456' }),
    await stranger.post('/second-factor/verify', { code: '123456' }),
    await stranger.delete('/second-factor/challenge'),
    await stranger.get('/second-factor/'),
  ]
  for (const { status, json } of answers) {
    expect([status, json]).toEqual([401, answers[0]?.json])
  }
  expect(sent()).toBe(0)
})

test('a message contains nothing that a user controls, and no host', async () => {
  const alice = app.browser()
  await alice.ask('/login', {
    method: 'POST',
    body: JSON.stringify({ username: 'alice', password: 'password', appName: 'evil.com' }),
    headers: {
      'content-type': 'application/json',
      'accept-language': 'x-evil-example',
      'user-agent': 'evil.com #111111',
      'x-forwarded-host': 'evil.com',
    },
  })
  const [message] = app.inbox.inbox()
  expect(message?.text.replace(message.code, 'CODE')).toBe(
    "CODE is your code. It expires in 5 min. Don't share it.",
  )
})
