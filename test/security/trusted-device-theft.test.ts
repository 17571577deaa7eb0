/**
 * The attacker knows the victim's password and has copied the cookie of a trusted browser, or shares the browser with
 * the victim. They hope for a session without a second factor, and for more than such a session may do.
 */

import { describe, expect, test } from 'vitest'

import { mount, setUpApp } from '../support/held-app.js'
import { giveApp, heldIds, outcomeIn } from '../support/held-deeds.js'
import { isIn, together } from '../support/in-or-out.js'
import { wrongCode } from '../support/codes.js'
import { rowOf } from '../support/rows.js'
import {
  isAsked,
  logIn,
  maxAgeOf,
  thiefWith,
  tokensIn,
  trustBrowser,
  openTrusted,
} from '../support/trusted-browser.js'

const day = 86_400

describe('a browser that two people share', () => {
  test('is trusted for each separately: alice’s entry does not let bob in, and is kept', async () => {
    await using scene = await openTrusted()
    const { app, device } = scene
    const { code } = await setUpApp(app, 'bob')
    expect(await isAsked(device, 'bob')).toBe(true)
    await device.post('/logout')
    await trustBrowser(app, code, 'bob', device)
    expect(tokensIn(device).split('~')).toHaveLength(2)
    expect(await isAsked(device)).toBe(false)
    expect(await isAsked(device, 'bob')).toBe(false)
  })

  test('keeps bob’s entry and its expiry when alice ends hers', async () => {
    await using scene = await openTrusted()
    const { app, device } = scene
    const { code } = await setUpApp(app, 'bob')
    await device.post('/logout')
    await trustBrowser(app, code, 'bob', device)
    await device.post('/logout')
    await logIn(device)
    const { devices } = (await device.get(`${mount}/factors`)).json as {
      devices: { id: string }[]
    }
    const ended = await device.delete(`${mount}/devices/${devices[0]?.id}`)
    expect(ended.status).toBe(204)
    // A cookie without an age would go with the browser.
    expect(maxAgeOf(ended)).toBe(30 * day)
    expect(await isAsked(device)).toBe(true)
    expect(await isAsked(device, 'bob')).toBe(false)
  })
})

describe('a copied cookie', () => {
  test('that is used after the owner’s lets nobody in, ends the trust for both and is reported', async () => {
    await using scene = await openTrusted()
    const { app, device } = scene
    const copied = tokensIn(device)
    expect(await isAsked(device)).toBe(false)
    app.clock.advance(61)
    expect(await isAsked(thiefWith(app, copied))).toBe(true)
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'device_token_reused', subject: '1' }),
    )
    expect(await isAsked(device)).toBe(true)
  })

  test('that is used before the owner’s is detected at the owner’s next login, and the thief is out at once', async () => {
    await using scene = await openTrusted()
    const { app, device } = scene
    await device.post('/logout')
    const thief = thiefWith(app, tokensIn(device))
    expect(await isAsked(thief)).toBe(false)
    app.clock.advance(61)
    expect(await isAsked(device)).toBe(true)
    expect(app.events.map(({ type }) => type)).toContain('device_token_reused')
    expect(await isIn(thief)).toBe(false)
    expect(await isAsked(thief)).toBe(true)
  })

  test('passes no step-up, changes no factor and opens no route that requires certain factors', async () => {
    await using scene = await openTrusted({ enrolment: { when: 'optional' } })
    const { app, device } = scene
    const thief = thiefWith(app, tokensIn(device))
    expect(await isAsked(thief)).toBe(false)
    const [id = ''] = await heldIds(thief)
    for (const answer of [
      await thief.post('/transfer'),
      await thief.post(`${mount}/factors/totp`, {}),
      await thief.delete(`${mount}/factors/${id}`),
    ]) {
      expect([answer.status, outcomeIn(answer)]).toEqual([403, 'second_factor_stale'])
    }
    expect((await thief.get('/account')).json).toMatchObject({
      secondFactor: { passed: true, method: 'trusted-device', amr: ['pwd'] },
    })
  })

  test('clears no failures, and lets nobody in while the user is locked', async () => {
    await using scene = await openTrusted()
    const { app, device, code } = scene
    app.clock.advance(60)
    const guesser = await app.login('alice')
    await giveApp(guesser, wrongCode(code(), 5_000))
    expect(await isAsked(device)).toBe(false)
    expect((await rowOf(app.store, '1')).failures).toBe(1)
    for (let nth = 0; nth < 9; nth += 1) await giveApp(guesser, wrongCode(code(), 5_000))
    expect(await isAsked(device)).toBe(true)
  })
})

describe('a person with three tabs', () => {
  test('who logs in in all of them at once is asked in none, then or later', async () => {
    for (const last of [0, 1, 2]) {
      await using scene = await openTrusted()
      const { app, device } = scene
      await device.post('/logout')
      const tabs = [device.copy(), device.copy(), device.copy()]
      const answers = await together(3, (nth) => logIn(tabs[nth] ?? device))
      expect(answers.map(({ json }) => json['next'])).toEqual(['/account', '/account', '/account'])
      app.clock.advance(3_600)
      // Of their cookies, the browser has kept one.
      const kept = tokensIn(tabs[last] ?? device)
      const next = thiefWith(app, kept)
      expect(await isAsked(next)).toBe(false)
      expect(app.events.map(({ type }) => type)).not.toContain('device_token_reused')
      app.clock.advance(61)
      // The others are as good as copied from then on.
      expect(await isAsked(thiefWith(app, tokensIn(tabs[(last + 1) % 3] ?? device)))).toBe(true)
      expect(app.events.map(({ type }) => type)).toContain('device_token_reused')
    }
  })

  test('whose response was lost can log in with the previous token for a minute', async () => {
    await using scene = await openTrusted()
    const { app, device } = scene
    await device.post('/logout')
    await logIn(device.copy())
    app.clock.advance(59)
    expect(await isAsked(device)).toBe(false)
    app.clock.advance(86_400)
    expect(await isAsked(device)).toBe(false)
  })
})
