/** One journey through the small examples with pages: what each has to refuse and to let pass. */

import { expect } from 'vitest'

import type { MinimalExample } from './minimal-example.js'

/** A phone that its owner adds. */
export const phone = '+237671234567'

/** The one user of each example. */
export const alice = { username: 'alice', password: 'wonderland-7' }

/** Logs in, adds a phone, reaches the account, and logs out. */
export async function expectBothFactors(example: MinimalExample): Promise<void> {
  const browser = example.browser()
  const nobody = await browser.page('/login')
  expect([nobody.status, nobody.headers.getSetCookie()]).toEqual([200, []])
  const wrong = await browser.submit('/login', { ...alice, password: 'guessed' })
  expect([wrong.status, wrong.headers.get('location')]).toEqual([302, '/login'])

  const login = await browser.submit('/login', alice)
  expect(login.headers.get('location')).toBe('/second-factor/')
  expect(login.headers.getSetCookie().join()).toMatch(/HttpOnly; SameSite=Lax$/)
  for (const path of ['/account', '/', '/absent']) {
    expect((await browser.get(path)).json, path).toMatchObject({ code: 'second_factor_required' })
  }
  expect((await browser.page('/account')).headers.get('location')).toBe('/second-factor/')
  await browser.submit('/second-factor/phone', { phone })
  const code = await example.nextCode(phone)
  const passed = await browser.submit('/second-factor/phone/verify', { code })
  expect(passed.status).toBe(303)
  expect((await browser.page('/account')).text).toContain('passed both factors')

  const headers = { 'sec-fetch-site': 'cross-site' }
  expect((await browser.ask('/logout', { method: 'POST', headers })).status).toBe(403)
  expect((await browser.submit('/logout')).headers.get('location')).toBe('/login')
  expect((await browser.get('/account')).status).toBe(401)
}
