/** Trusted devices over HTTP: trusted with a right code, used with the password alone, listed and ended. */

import { describe, expect, test } from 'vitest'

import { mount, setUpApp, startHeldApp, type HeldApp } from '../support/held-app.js'

const trusting = { trustedDevices: { days: 30, acceptAal1: true } } as const

/** A browser in which alice has passed by her app, and ticked the box. */
async function trusted(app: HeldApp, code: () => string, wish: unknown = true) {
  app.clock.advance(60)
  const browser = await app.login('alice')
  const passed = await browser.post(`${mount}/verify`, { code: code(), trustDevice: wish })
  expect(passed.status).toBe(200)
  return browser
}

const password = { username: 'alice', password: 'password' }

describe('a trusted device', () => {
  test('logs in with the password alone, and its status says so', async () => {
    await using app = await startHeldApp(trusting)
    const { code } = await setUpApp(app)
    const browser = await trusted(app, code)
    await browser.post('/logout', {})
    const again = await browser.post('/login', password)
    expect(again.json).toEqual({ next: '/account' })
    expect((await browser.get('/account')).json).toMatchObject({
      secondFactor: { passed: true, method: 'trusted-device', amr: ['pwd'] },
    })
    expect((await browser.get(`${mount}/`)).json).toMatchObject({ aal: 1, passed: true })
  })

  test('is asked again if the box was not ticked, or only looks ticked', async () => {
    await using app = await startHeldApp(trusting)
    const { code } = await setUpApp(app)
    for (const wish of ['false', '0', [], 1, null]) {
      const browser = await trusted(app, code, wish)
      await browser.post('/logout', {})
      const again = await browser.post('/login', password)
      expect(again.json).toEqual({ next: `${mount}/` })
    }
  })
})

test('ending the trust in the current device asks there again, without a new login', async () => {
  await using app = await startHeldApp(trusting)
  const { code } = await setUpApp(app)
  const browser = await trusted(app, code)
  await browser.post('/logout', {})
  await browser.post('/login', password)
  const list = await browser.get(`${mount}/factors`)
  const { devices } = list.json as { devices: [{ id: string; current: boolean }] }
  expect(devices).toMatchObject([{ current: true }])
  const ended = await browser.submit(`${mount}/devices/${devices[0].id}/remove`, {})
  expect([ended.status, ended.headers.get('location')]).toEqual([303, `${mount}/factors`])
  const page = await browser.submit(`${mount}/devices/remove`, {})
  expect(page.headers.get('location')).toBe(`${mount}/factors`)
  expect((await browser.get('/account')).json).toMatchObject({ code: 'second_factor_required' })
})
