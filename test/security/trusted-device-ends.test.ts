/**
 * The attacker has a browser that the victim trusts, and has known the password all along. Whatever should end the
 * trust must end it for that browser at once, and nothing prolongs it.
 */

import { describe, expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import { mount, type HeldApp, type Person } from '../support/held-app.js'
import {
  beginApp,
  confirmApp,
  giveApp,
  outcomeIn,
  startWithMessages,
  setUpBesideMessages,
} from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import {
  deviceCookieOf,
  isAsked,
  logIn,
  maxAgeOf,
  tokensIn,
  trustBrowser,
  trusting,
  openTrusted,
} from '../support/trusted-browser.js'

const day = 86_400
const alice = { id: 1, username: 'alice' }

type Opened = Awaited<ReturnType<typeof openTrusted>>

describe('trust ends', () => {
  const ends: [string, (app: HeldApp, opened: Opened) => unknown][] = [
    ['with a revocation', ({ secondFactor }) => secondFactor.revoke(alice)],
    ['with a reset by an operator', ({ secondFactor }) => secondFactor.reset(alice)],
    [
      'with a reset of the factors',
      ({ secondFactor }) =>
        secondFactor.resetFactors(alice, { actor: 'carol', reason: 'lost phone' }),
    ],
    [
      'with another app',
      async (app, { code }) => {
        app.clock.advance(60)
        const jar = await app.login('alice')
        await giveApp(jar, code())
        const { setup, secret } = await beginApp(jar)
        const confirmed = await confirmApp(jar, setup, appCode(secret, app.clock.now))
        expect(outcomeIn(confirmed)).toBe('enrolled')
      },
    ],
    [
      'with an app that is imported',
      ({ secondFactor }) => secondFactor.importTotp(alice, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'),
    ],
    [
      'after 30 days, to the second',
      ({ clock }) => {
        clock.advance(30 * day)
      },
    ],
    [
      'where the person ends it',
      async (_app, { device }) => {
        expect((await device.delete(`${mount}/devices`)).status).toBe(204)
      },
    ],
    [
      'where somebody with the password alone ends it',
      async (app) => {
        const jar = await app.login('alice')
        expect((await jar.delete(`${mount}/devices`)).status).toBe(204)
      },
    ],
  ]
  test.each(ends)('%s', async (_what, end) => {
    await using scene = await openTrusted()
    const { app, device } = scene
    expect(await isAsked(device)).toBe(false)
    await end(app, scene)
    expect(await isAsked(device)).toBe(true)
  })
})

test('trust ends as soon as the application reports a changed password', async () => {
  let changedAt: Date | number = new Date(0)
  const users = {
    id: ({ id }: Person) => id,
    hasFactors: () => false,
    setHasFactors: () => undefined,
    credentialVersion: () => changedAt,
  }
  await using scene = await openTrusted({ users })
  const { device } = scene
  expect(await isAsked(device)).toBe(false)
  changedAt = new Date(1)
  expect(await isAsked(device)).toBe(true)
})

test('trust ends when the phone changes', async () => {
  await using app = await startWithMessages({
    ...trusting,
    users: { id: ({ id }) => id, setVerifiedPhone: () => undefined },
  })
  const { code } = await setUpBesideMessages(app)
  const device = await trustBrowser(app, code)
  const begun = await device.post(`${mount}/phone`, { phone: '+237671234599' })
  expect(begun.status).toBe(201)
  const sent = app.inbox.inbox('+237671234599')[0]?.code
  expect((await device.post(`${mount}/phone/verify`, { code: sent })).status).toBe(200)
  expect(await isAsked(device)).toBe(true)
})

test('trust lasts 30 days from the code, and no login prolongs it', async () => {
  await using scene = await openTrusted()
  const { app, device } = scene
  await device.post('/logout')
  const ages: (number | null)[] = []
  for (let nth = 0; nth < 3; nth += 1) {
    app.clock.advance(9 * day)
    ages.push(maxAgeOf(await logIn(device)))
    await device.post('/logout')
  }
  expect(ages).toEqual([21 * day, 12 * day, 3 * day])
  app.clock.advance(3 * day - 1)
  expect(await isAsked(device)).toBe(false)
  app.clock.advance(1)
  expect(await isAsked(device)).toBe(true)
})

test('a grant on a trusted device ends no later than the trust', async () => {
  await using scene = await openTrusted()
  const { app, device } = scene
  app.clock.advance(30 * day - 60)
  expect(await isAsked(device)).toBe(false)
  app.clock.advance(60)
  expect(await isIn(device)).toBe(false)
})

test('the device list shows no token, and sessions on an untrusted device are out', async () => {
  await using scene = await openTrusted()
  const { app, device, browser } = scene
  expect(await isAsked(device)).toBe(false)
  const list = await device.get(`${mount}/factors`)
  expect(list.json['devices']).toEqual([
    {
      id: expect.stringMatching(/^[\w-]{22}$/) as string,
      name: expect.any(String) as string,
      trustedAt: app.clock.iso(),
      usedAt: app.clock.iso(),
      expiresAt: app.clock.iso(30 * day),
      current: true,
    },
  ])
  expect(list.text).not.toContain(tokensIn(device).split('.')[1])
  const [{ id } = { id: '' }] = list.json['devices'] as { id: string }[]
  expect((await (await app.login('alice')).delete(`${mount}/devices/${id}`)).status).toBe(204)
  expect(await isIn(device)).toBe(false)
  expect(await isIn(browser)).toBe(true)
})

test('a logout ends trust in that device only, if the options say so', async () => {
  await using scene = await openTrusted({
    trustedDevices: { acceptAal1: true, forgetOnLogout: true },
  })
  const { app, device, code } = scene
  const other = await trustBrowser(app, code)
  const answer = await device.post('/logout')
  expect([answer.status, deviceCookieOf(answer)]).toEqual([
    204,
    expect.stringContaining('Expires=Thu, 01 Jan 1970') as string,
  ])
  expect(app.events).toContainEqual(
    expect.objectContaining({ type: 'device_revoked', by: 'logout' }),
  )
  expect((await logIn(device)).json['next']).toBe(`${mount}/`)
  expect((await logIn(other)).json['next']).toBe('/account')
})
