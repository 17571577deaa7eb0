/** Somebody who knows the password tries to get in by a phone, past the factors that the owner holds. */

import { describe, expect, test } from 'vitest'

import { consoleSender } from '../../src/index.js'
import { appCode } from '../support/authenticator.js'
import { mount, setUpApp, setUpCodes, startHeldApp, type Person } from '../support/held-app.js'

const thiefsPhone = '+237671234567'

function silent() {
  return consoleSender({ print: () => undefined })
}

describe('an attacker with the password, after the row was lost', () => {
  test('gives a phone of their own: nothing is sent, and nothing is enrolled', async () => {
    const sender = silent()
    await using app = await startHeldApp({ sender })
    await setUpApp(app)
    await app.store.delete('1')
    const thief = await app.login('alice')
    const sent = await thief.post(`${mount}/phone`, { phone: thiefsPhone })
    expect([sent.status, sent.json]).toMatchObject([503, { code: 'factors_lost' }])
    const verified = await thief.post(`${mount}/phone/verify`, { code: '123456' })
    expect(verified.json).toMatchObject({ code: 'factors_lost' })
    expect(sender.inbox()).toEqual([])
    expect((await thief.get('/account')).status).not.toBe(200)
  })
})

describe('an attacker with the password and the unverified phone of the profile', () => {
  const unverified = (user: Person) =>
    user.id === 1 ? { number: thiefsPhone, verified: false } : null

  test('asks for a code although the owner has an app: none is sent, and none would pass', async () => {
    const sender = silent()
    const users = { id: ({ id }: Person) => id, phone: unverified }
    await using app = await startHeldApp({ sender, users })
    // The phone alone lets its owner in, and the app is set up beside it.
    const owner = await app.login('alice')
    const begun = await owner.post(`${mount}/factors/totp`, {})
    expect(begun.status).toBe(201)
    await setUpApp(app)
    const before = sender.inbox().length
    app.clock.advance(3600)
    const thief = await app.login('alice')
    expect((await thief.get(`${mount}/`)).json).toMatchObject({ methods: ['totp'] })
    const asked = await thief.post(`${mount}/challenge`, { method: 'sms' })
    expect([asked.status, asked.json]).toMatchObject([409, { code: 'factor_not_enrolled' }])
    expect(sender.inbox()).toHaveLength(before)
  })

  test('asks for a code after an operator’s reset: only the ticket opens the account', async () => {
    const sender = silent()
    const users = { id: ({ id }: Person) => id, phone: unverified }
    await using app = await startHeldApp({ sender, users })
    await setUpApp(app)
    await app.secondFactor.resetFactors({ id: 1, username: 'alice' }, { actor: 'a', reason: 'b' })
    const before = sender.inbox().length
    app.clock.advance(3600)
    const thief = await app.login('alice')
    const asked = await thief.post(`${mount}/challenge`, { method: 'sms' })
    expect([asked.status, asked.json]).toMatchObject([409, { code: 'factor_not_enrolled' }])
    expect(sender.inbox()).toHaveLength(before)
  })
})

describe('an attacker with the password and an operator’s old ticket', () => {
  test.each(['revoke', 'another reset', 'the owner’s next factor'])(
    'gives it after %s: it is void',
    async (after) => {
      const sender = silent()
      const phone = () => ({ number: '+4915112345678', verified: true })
      const users = { id: ({ id }: Person) => id, phone }
      await using app = await startHeldApp({ sender, users })
      const alice = { id: 1, username: 'alice' }
      const lastCode = () => ({ code: sender.inbox()[0]?.code })
      const owner = await app.login('alice')
      await owner.post(`${mount}/verify`, lastCode())
      const reset = () => app.secondFactor.resetFactors(alice, { actor: 'a', reason: 'b' })
      const first = await reset()
      if (after === 'revoke') await app.secondFactor.revoke(alice)
      else if (after === 'another reset') await reset()
      else {
        app.clock.advance(3600)
        const again = await app.login('alice')
        await again.post(`${mount}/challenge`, { method: 'sms' })
        expect((await again.post(`${mount}/verify`, lastCode())).status).toBe(200)
        const begun = await again.post(`${mount}/factors/totp`, {})
        const { setup, secret } = begun.json as { setup: string; secret: string }
        const code = appCode(secret, app.clock.now)
        const enrolled = await again.post(`${mount}/factors/totp/confirm`, { setup, code })
        expect(enrolled.json).toMatchObject({ status: 'enrolled' })
      }
      const thief = await app.login('alice')
      const ticket = { method: 'recovery-code', code: first?.code }
      expect((await thief.post(`${mount}/verify`, ticket)).status).not.toBe(200)
      expect((await thief.get('/account')).status).not.toBe(200)
    },
  )
})

describe('an attacker with the password and the phone of the profile, at the endpoint without a login', () => {
  const unverified = (user: Person) =>
    user.id === 1 ? { number: thiefsPhone, verified: false } : null

  async function startWithEndpoint() {
    const sender = silent()
    const kept: string[] = []
    const app = await startHeldApp(
      {
        sender,
        users: {
          id: ({ id }: Person) => id,
          phone: unverified,
          findByPhone: () => ({ id: 1, username: 'alice' }),
          setVerifiedPhone: (_user: Person, phone: string) => void kept.push(phone),
        },
      },
      {
        routes(express, secondFactor) {
          express.use('/otp', secondFactor.phoneVerificationRouter())
        },
      },
    )
    return { app, sender, kept }
  }

  const proves = async ({ app, sender }: Awaited<ReturnType<typeof startWithEndpoint>>) => {
    const client = app.browser()
    await client.post('/otp/generate', { phone_number: thiefsPhone })
    const otp = sender.inbox()[0]?.code
    return client.post('/otp/verify', { phone_number: thiefsPhone, otp })
  }

  test('proves it when nothing else is held: it is verified', async () => {
    const started = await startWithEndpoint()
    await using app = started.app
    expect((await proves({ ...started, app })).status).toBe(200)
    expect(started.kept).toEqual([thiefsPhone])
  })

  test.each(['beside the owner’s app', 'after an operator’s reset'])(
    'proves it %s: nothing is verified, and it lets nobody in',
    async (when) => {
      const started = await startWithEndpoint()
      await using app = started.app
      await setUpApp(app)
      const alice = { id: 1, username: 'alice' }
      if (when !== 'beside the owner’s app') {
        await app.secondFactor.resetFactors(alice, { actor: 'a', reason: 'b' })
      }
      app.clock.advance(3600)
      const proved = await proves(started)
      expect([proved.status, proved.json]).toMatchObject([403, { code: 'second_factor_required' }])
      expect(started.kept).toEqual([])
      const thief = await app.login('alice')
      const asked = await thief.post(`${mount}/challenge`, { method: 'sms' })
      expect([asked.status, asked.json]).toMatchObject([409, { code: 'factor_not_enrolled' }])
    },
  )
})

describe('an attacker who removes the stored phone', () => {
  test.each(['removeFactor', 'resetFactors'])('by %s: the phone is notified', async (by) => {
    const sender = silent()
    await using app = await startHeldApp({ sender })
    const alice = { id: 1, username: 'alice' }
    const { browser } = await setUpApp(app)
    await browser.post(`${mount}/phone`, { phone: thiefsPhone })
    await browser.post(`${mount}/phone/verify`, { code: sender.inbox()[0]?.code })
    const before = sender.inbox().length
    if (by === 'removeFactor') await app.secondFactor.removeFactor(alice, 'phone')
    else await app.secondFactor.resetFactors(alice, { actor: 'a', reason: 'b' })
    await expect.poll(() => sender.inbox(thiefsPhone).length).toBe(before + 1)
  })
})

describe('an attacker who keeps confirming factors to send messages to a premium-rate phone', () => {
  test('sends five messages a day, and none for codes that were confirmed before', async () => {
    const sender = silent()
    await using app = await startHeldApp({ sender })
    const { browser } = await setUpApp(app)
    await browser.post(`${mount}/phone`, { phone: thiefsPhone })
    await browser.post(`${mount}/phone/verify`, { code: sender.inbox()[0]?.code })
    const before = sender.inbox().length
    const begun = await browser.post(`${mount}/factors/recovery`, {})
    const { setup } = begun.json as { setup: string }
    for (let time = 0; time < 4; time += 1) {
      expect((await browser.post(`${mount}/factors/recovery/confirm`, { setup })).status).toBe(200)
    }
    await expect.poll(() => sender.inbox().length).toBe(before + 1)
    for (let set = 0; set < 8; set += 1) await setUpCodes(browser)
    await expect.poll(() => sender.inbox().length).toBe(before + 5)
  })
})
