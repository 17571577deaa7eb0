/**
 * The attacker knows only the victim's password; or holds a session that passed long ago, or one from a trusted
 * device. They try to add their own factor, remove the victim's, or make recovery codes.
 */

import { describe, expect, test } from 'vitest'

import { tally } from '../../src/testing/contract-fixtures.js'
import { appCode } from '../support/authenticator.js'
import type { Browser } from '../support/browser.js'
import { mount, setUpApp, setUpCodes, startHeldApp } from '../support/held-app.js'
import {
  beginApp,
  confirmApp,
  giveApp,
  giveRecovery,
  heldIds,
  outcomeIn,
} from '../support/held-deeds.js'
import { isIn, together } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

/** Everything that changes what is held, once as a program and once as a form. */
async function tryAll(thief: Browser, id: string) {
  const paths = [
    '/factors/totp',
    '/factors/recovery',
    `/factors/${id}/remove`,
    `/factors/${id}/rename`,
  ]
  const said: string[] = []
  for (const path of paths) {
    said.push(outcomeIn(await thief.post(mount + path, { name: 'Mine' })))
    const form = await thief.submit(mount + path, { name: 'Mine' })
    expect([path, form.status]).toEqual([path, 303])
  }
  said.push(outcomeIn(await thief.delete(`${mount}/factors/${id}`)))
  return said
}

describe('with the password alone', () => {
  test('nothing can be added, removed, renamed or made, and nothing is written', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const { browser } = await setUpApp(app)
    await setUpCodes(browser)
    const [id = ''] = await heldIds(browser)
    const thief = await app.login('alice')
    const before = await rowOf(app.store, '1')
    expect(new Set(await tryAll(thief, id))).toEqual(new Set(['second_factor_required']))
    expect(await rowOf(app.store, '1')).toEqual(before)
    expect(await isIn(thief)).toBe(false)
    for (const path of ['/factors', '/factors/totp', '/factors/recovery']) {
      const page = await thief.page(mount + path)
      expect([page.status, page.headers.get('location')]).toEqual([303, `${mount}/`])
    }
  })

  test('no recovery codes are made before there is a factor for them to back up', async () => {
    await using app = await startHeldApp()
    const jar = await app.login('alice')
    const answer = await jar.post(`${mount}/factors/recovery`, {})
    expect([answer.status, outcomeIn(answer)]).toEqual([409, 'factor_not_enrolled'])
  })

  test('of 30 first apps confirmed at once in 30 sessions, one is stored', async () => {
    await using app = await startHeldApp()
    const jars = await Promise.all(Array.from({ length: 30 }, () => app.login('alice')))
    const begun = await Promise.all(jars.map((jar) => beginApp(jar)))
    const answers = await together(30, (nth) => {
      const { setup = '', secret = '' } = begun[nth] ?? {}
      return confirmApp(jars[nth] ?? app.browser(), setup, appCode(secret, app.clock.now))
    })
    expect(tally(answers.map(outcomeIn))).toEqual({ enrolled: 1, second_factor_required: 29 })
    const winner = answers.findIndex(({ status }) => status === 200)
    const inside = await Promise.all(jars.map((jar) => isIn(jar)))
    expect(inside.indexOf(true)).toBe(winner)
    expect(inside.filter(Boolean)).toHaveLength(1)
    const { secret = '' } = begun[winner] ?? {}
    app.clock.advance(60)
    const owner = await app.login('alice')
    expect(outcomeIn(await giveApp(owner, appCode(secret, app.clock.now)))).toBe('passed')
    expect(app.remembered.has(1)).toBe(true)
  })

  test('a setup begun before the owner had a factor is worthless afterwards', async () => {
    await using app = await startHeldApp()
    const thief = await app.login('alice')
    const { setup, secret } = await beginApp(thief)
    await setUpApp(app)
    const before = await rowOf(app.store, '1')
    const answer = await confirmApp(thief, setup, appCode(secret, app.clock.now))
    expect([answer.status, outcomeIn(answer)]).toEqual([403, 'second_factor_required'])
    expect(await rowOf(app.store, '1')).toEqual(before)
  })
})

describe('with a session that passed', () => {
  test('301 seconds ago, nothing can be changed; at 300 it can', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const { browser } = await setUpApp(app)
    const [id = ''] = await heldIds(browser)
    app.clock.advance(301)
    expect(await isIn(browser)).toBe(true)
    const said = await tryAll(browser.copy(), id)
    // A name is nothing by which anybody could pass.
    expect(said.filter((code) => code === 'second_factor_stale')).toHaveLength(4)
    expect(await heldIds(browser)).toEqual([id])
    app.clock.advance(-1)
    expect((await browser.delete(`${mount}/factors/${id}`)).status).toBe(204)
  })

  test('on a trusted device with the password alone, nothing can be changed', async () => {
    await using app = await startHeldApp({
      enrolment: { when: 'optional' },
      trustedDevices: { acceptAal1: true },
    })
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    const device = await app.login('alice')
    await giveApp(device, code(), { trustDevice: true })
    await device.post('/logout')
    await device.post('/login', { username: 'alice', password: 'password' })
    expect(await isIn(device)).toBe(true)
    const [id = ''] = await heldIds(device)
    const said = [
      outcomeIn(await device.post(`${mount}/factors/totp`, {})),
      outcomeIn(await device.post(`${mount}/factors/recovery`, {})),
      outcomeIn(await device.delete(`${mount}/factors/${id}`)),
    ]
    expect(said).toEqual(Array.from({ length: 3 }, () => 'second_factor_stale'))
    expect(await heldIds(device)).toEqual([id])
  })

  test('and was logged out before the confirmation, nothing is stored', async () => {
    await using app = await startHeldApp()
    const { browser, code } = await setUpApp(app)
    const { setup, secret } = await beginApp(browser)
    const copy = browser.copy()
    await browser.post('/logout')
    const answer = await confirmApp(copy, setup, appCode(secret, app.clock.now))
    expect(answer.status).toBe(401)
    app.clock.advance(60)
    expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('passed')
  })

  test('and whose grants an operator ended before the confirmation, nothing is stored', async () => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const { setup, secret } = await beginApp(browser)
    await app.secondFactor.revoke({ id: 1, username: 'alice' })
    const before = await rowOf(app.store, '1')
    const answer = await confirmApp(browser, setup, appCode(secret, app.clock.now))
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await rowOf(app.store, '1')).toEqual(before)
  })
})

test('the id of somebody else’s factor removes and renames nothing', async () => {
  await using app = await startHeldApp({ enrolment: { when: 'optional' } })
  const { browser } = await setUpApp(app)
  const { browser: thief } = await setUpApp(app, 'bob')
  const [id = ''] = await heldIds(browser)
  const before = await rowOf(app.store, '1')
  for (const answer of [
    await thief.delete(`${mount}/factors/${id}`),
    await thief.post(`${mount}/factors/${id}/rename`, { name: 'Mine' }),
    await thief.delete(`${mount}/factors/__proto__`),
    await thief.delete(`${mount}/factors/${'x'.repeat(500)}`),
  ]) {
    expect([answer.status, outcomeIn(answer)]).toEqual([409, 'factor_not_enrolled'])
  }
  expect(await rowOf(app.store, '1')).toEqual(before)
})

test('the last factor cannot be removed while one is required, and can otherwise', async () => {
  await using app = await startHeldApp({
    enrolment: { when: ({ username }) => (username === 'alice' ? 'required' : 'optional') },
  })
  const { browser } = await setUpApp(app)
  const codes = await setUpCodes(browser)
  const [id = ''] = await heldIds(browser)
  const kept = await browser.delete(`${mount}/factors/${id}`)
  expect([kept.status, outcomeIn(kept)]).toEqual([409, 'last_factor'])
  expect(await heldIds(browser)).toEqual([id])

  const { browser: bob } = await setUpApp(app, 'bob')
  const ofBob = await setUpCodes(bob)
  const [other = ''] = await heldIds(bob)
  expect((await bob.delete(`${mount}/factors/${other}`)).status).toBe(204)
  // The recovery codes go with it, and let nobody in.
  expect(outcomeIn(await giveRecovery(await app.login('bob'), ofBob[0]))).toBe(
    'factor_not_enrolled',
  )
  expect(outcomeIn(await giveRecovery(await app.login('alice'), codes[0]))).toBe('passed')
})

test('a session that passed without the new factor is out at its next request, in every process', async () => {
  await using app = await startHeldApp()
  const { browser, code } = await setUpApp(app)
  app.clock.advance(60)
  const thief = await app.login('alice')
  await giveApp(thief, code())
  // Another process on the same store.
  await using other = await startHeldApp({ store: app.store, grantCacheSeconds: 0 })
  expect(await isIn(thief)).toBe(true)
  app.clock.advance(60)
  const owner = await app.login('alice')
  expect(outcomeIn(await giveApp(owner, code()))).toBe('passed')
  const { setup, secret } = await beginApp(owner)
  expect(outcomeIn(await confirmApp(owner, setup, appCode(secret, app.clock.now)))).toBe('enrolled')
  expect(await isIn(thief)).toBe(false)
  expect(await isIn(browser)).toBe(false)
  expect(await isIn(owner)).toBe(true)
  expect((await other.store.read('1'))?.grants).toHaveLength(1)
})
