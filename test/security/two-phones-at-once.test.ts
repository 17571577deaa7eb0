/**
 * The attacker knows the password of somebody whose phone is not verified yet, and wants their own phone in its place.
 * The owner verifies the phone at that very moment, by a sign-in or without a login. The first write wins; a request
 * that began earlier must not undo it, whatever its copy of the user says.
 */

import { afterEach, expect, test } from 'vitest'

import { startTestApp, testUsers, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'

const owners = '+14155550123'
const mine = '+14155550199'

let app: TestApp
afterEach(() => app.close())

/** Each request works on a copy of the user, made when the request came in, as with any database. */
async function start(options: TestAppOptions = {}): Promise<void> {
  const stored = testUsers()
  app = await startTestApp({
    ...options,
    secondFactor: {
      users: {
        id: (user) => user.id,
        phone: (user) => user.phone && { number: user.phone, verified: user.verified },
        findByPhone: (phone) => app.users.find((user) => user.phone === phone),
        setVerifiedPhone(user, phone) {
          const kept = app.users.find(({ id }) => id === user.id)
          Object.assign(kept ?? stored, { phone, verified: true })
        },
      },
    },
    routes(server, secondFactor) {
      server.use('/otp', secondFactor.phoneVerificationRouter())
      options.routes?.(server, secondFactor)
    },
  })
}

const erins = () => app.users.find(({ username }) => username === 'erin')
const codeTo = (phone: string) => app.inbox.inbox(phone)[0]?.code ?? ''
const submit = (browser: Browser, code = codeTo(mine)) =>
  browser.post('/second-factor/phone/verify', { code })

/** Has each request of the router see the user as at this moment, like one whose body is slow to come in. */
function freezeUsers(): (server: Parameters<NonNullable<TestAppOptions['before']>>[0]) => void {
  return (server) => {
    server.use((req, _res, next) => {
      if (req.get('x-slow') === undefined) {
        next()
        return
      }
      const copy = { ...app.users.find(({ username }) => username === 'erin') }
      Object.assign(copy, { verified: false, phone: owners })
      Object.defineProperty(req, 'user', { get: () => copy, set: () => undefined })
      next()
    })
  }
}

const slowly = (browser: Browser, path: string, body: object) =>
  browser.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-slow': '1' },
    body: JSON.stringify(body),
  })

test.each([
  [
    'by a sign-in',
    async (owner: Browser) => {
      app.clock.advance(60)
      await owner.post('/second-factor/challenge')
      expect((await verify(owner, codeTo(owners))).status).toBe(200)
    },
  ],
  [
    'without a login',
    async (owner: Browser) => {
      await owner.post('/otp/generate', { phone_number: owners })
      const otp = codeTo(owners)
      expect((await owner.post('/otp/verify', { phone_number: owners, otp })).status).toBe(200)
    },
  ],
])('a phone that its owner verifies %s meanwhile is not replaced', async (_how, ownerVerifies) => {
  await start({ before: freezeUsers() })
  const owner = app.browser()
  await owner.post('/password', { username: 'erin', password: 'password' })
  const attacker = app.browser()
  await attacker.post('/password', { username: 'erin', password: 'password' })
  await attacker.post('/second-factor/phone', { phone: mine })
  const early = codeTo(mine)
  await ownerVerifies(owner)
  expect(erins()).toMatchObject({ phone: owners, verified: true })

  // The code of before, and one that a request of before has asked for.
  expect((await slowly(attacker, '/second-factor/phone/verify', { code: early })).status).not.toBe(
    200,
  )
  app.clock.advance(120)
  await slowly(attacker, '/second-factor/phone', { phone: mine })
  const late = codeTo(mine)
  expect(late).not.toBe(early)
  const answer = await slowly(attacker, '/second-factor/phone/verify', { code: late })
  expect(answer.json['code']).toBe('second_factor_required')
  expect(erins()).toMatchObject({ phone: owners, verified: true })
  expect(await isIn(attacker)).toBe(false)
})

test('verifying a phone by a sign-in ends the grants passed with the previous phone', async () => {
  await start()
  const before = await passedBrowser(app, 'erin')
  const other = '+14155550177'
  Object.assign(erins() ?? {}, { phone: other, verified: false })
  app.clock.advance(60)
  const owner = await app.login('erin')
  expect((await verify(owner, codeTo(other))).status).toBe(200)
  expect(await isIn(owner)).toBe(true)
  expect(await isIn(before)).toBe(false)
})

test('verifying a phone without a login ends the grants passed with the previous phone', async () => {
  await start()
  const before = await passedBrowser(app, 'erin')
  const other = '+14155550177'
  Object.assign(erins() ?? {}, { phone: other, verified: false })
  const client = app.browser()
  await client.post('/otp/generate', { phone_number: other })
  const otp = codeTo(other)
  expect((await client.post('/otp/verify', { phone_number: other, otp })).status).toBe(200)
  expect(await isIn(before)).toBe(false)
})

test('verifying the same phone again ends nothing', async () => {
  await start()
  const first = await passedBrowser(app, 'erin')
  Object.assign(erins() ?? {}, { verified: false })
  app.clock.advance(60)
  const second = await app.login('erin')
  expect((await verify(second, codeTo(owners))).status).toBe(200)
  expect([await isIn(first), await isIn(second)]).toEqual([true, true])
})

test('a first phone is still accepted with the password alone', async () => {
  await start()
  const erin = app.browser()
  await erin.post('/password', { username: 'erin', password: 'password' })
  await erin.post('/second-factor/phone', { phone: mine })
  expect((await submit(erin)).status).toBe(200)
  expect(erins()).toMatchObject({ phone: mine, verified: true })
})
