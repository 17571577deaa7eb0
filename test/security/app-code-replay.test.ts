/**
 * The attacker has read a code from the victim's app: over the shoulder, on a phishing page, or during setup. They
 * also know the password, and type the code wherever one is asked for, while it is valid and afterwards.
 */

import { describe, expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import { mount, setUpApp, startHeldApp } from '../support/held-app.js'
import { giveApp, jarsOf, outcomeIn } from '../support/held-deeds.js'
import { isIn, together } from '../support/in-or-out.js'
import { tally } from '../../src/testing/contract-fixtures.js'
import { rowOf } from '../support/rows.js'

test('one code typed in 30 browsers at once lets one of them in', async () => {
  await using app = await startHeldApp()
  const { code } = await setUpApp(app)
  app.clock.advance(60)
  const jars = await jarsOf(app, 30)
  const answers = await together(30, (nth) => giveApp(jars[nth] ?? app.browser(), code()))
  expect(tally(answers.map(outcomeIn))).toEqual({ passed: 1, code_used: 29 })
  const inside = await Promise.all(jars.map((jar) => isIn(jar)))
  expect(inside.filter(Boolean)).toHaveLength(1)
  // That of the set-up, and the one that won.
  const row = await rowOf(app.store, '1')
  expect([row.grants.length, row.failures]).toEqual([2, 0])
})

test('the code used at setup cannot be used to log in', async () => {
  await using app = await startHeldApp()
  const { code } = await setUpApp(app)
  const answer = await giveApp(await app.login('alice'), code())
  expect([answer.status, outcomeIn(answer)]).toEqual([403, 'code_used'])
})

test('an accepted code also uses up the code before it, even if nobody typed that one', async () => {
  await using app = await startHeldApp()
  const { secret, code } = await setUpApp(app)
  app.clock.advance(90)
  const before = appCode(secret, app.clock.now - 30_000)
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('passed')
  expect(outcomeIn(await giveApp(await app.login('alice'), before))).toBe('code_used')
})

test('a code from a fast clock uses up every earlier code', async () => {
  await using app = await startHeldApp()
  const { secret, code } = await setUpApp(app)
  app.clock.advance(90)
  const early = appCode(secret, app.clock.now + 30_000)
  expect(outcomeIn(await giveApp(await app.login('alice'), early))).toBe('passed')
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('code_used')
  app.clock.advance(30)
  expect(outcomeIn(await giveApp(await app.login('alice'), early))).toBe('code_used')
})

test('a code used at login cannot be used for a step-up', async () => {
  await using app = await startHeldApp()
  const { code } = await setUpApp(app)
  app.clock.advance(60)
  const spent = code()
  const owner = await app.login('alice')
  await giveApp(owner, spent)
  const thief = await app.login('alice')
  expect(outcomeIn(await giveApp(thief, spent))).toBe('code_used')
  expect(await isIn(thief)).toBe(false)
  expect((await thief.post('/transfer')).status).toBe(403)
})

test('a code from bob’s app does not work for alice', async () => {
  await using app = await startHeldApp()
  await setUpApp(app)
  const { code } = await setUpApp(app, 'bob')
  app.clock.advance(60)
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('code_incorrect')
})

test('a used code is never counted as a failure, however often it is typed', async () => {
  await using app = await startHeldApp()
  const { code } = await setUpApp(app)
  app.clock.advance(60)
  const spent = code()
  await giveApp(await app.login('alice'), spent)
  const thief = await app.login('alice')
  for (let nth = 0; nth < 15; nth += 1) {
    expect(outcomeIn(await giveApp(thief, spent))).toBe('code_used')
  }
  expect((await rowOf(app.store, '1')).failures).toBe(0)
  expect(app.events).toContainEqual(
    expect.objectContaining({ type: 'code_reused', subject: '1', method: 'totp' }),
  )
})

describe('after a code passed while the server’s clock was an hour ahead', () => {
  test('the corrected clock accepts the next code and no used one', async () => {
    await using app = await startHeldApp()
    const { secret } = await setUpApp(app)
    app.clock.advance(60)
    const beforeLeap = appCode(secret, app.clock.now)
    await giveApp(await app.login('alice'), beforeLeap)

    app.clock.advance(3_600)
    const inFuture = appCode(secret, app.clock.now)
    expect(outcomeIn(await giveApp(await app.login('alice'), inFuture))).toBe('passed')

    app.clock.advance(-3_600)
    expect(outcomeIn(await giveApp(await app.login('alice'), beforeLeap))).toBe('code_used')
    app.clock.advance(30)
    const next = appCode(secret, app.clock.now)
    expect(outcomeIn(await giveApp(await app.login('alice'), next))).toBe('passed')

    app.clock.advance(3_570)
    expect(outcomeIn(await giveApp(await app.login('alice'), inFuture))).toBe('code_used')
  })
})

test('codes from outside the drift window are wrong and counted', async () => {
  await using app = await startHeldApp()
  const { secret } = await setUpApp(app)
  app.clock.advance(300)
  const jar = await app.login('alice')
  for (const ms of [-60_000, 60_000, -3_600_000, 3_600_000]) {
    expect(outcomeIn(await giveApp(jar, appCode(secret, app.clock.now + ms)))).toBe(
      'code_incorrect',
    )
  }
  expect((await rowOf(app.store, '1')).failures).toBe(4)
})

describe('a person who clicks twice', () => {
  test('gets the same answer again, and no second grant', async () => {
    await using app = await startHeldApp()
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    const typed = code()
    const owner = await app.login('alice')
    const first = await giveApp(owner, typed)
    app.clock.advance(29)
    const again = await giveApp(owner, typed)
    expect([again.status, again.json]).toEqual([200, first.json])
    expect((await rowOf(app.store, '1')).grants).toHaveLength(2)
  })

  test('stays in, whichever click came first', async () => {
    await using app = await startHeldApp()
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    const owner = await app.login('alice')
    const form = { method: 'totp', code: code() }
    const answers = await together(2, () => owner.submit(`${mount}/verify`, form))
    expect(answers.map(({ status }) => status)).toContain(303)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    expect(await isIn(owner)).toBe(true)
    expect((await rowOf(app.store, '1')).failures).toBe(0)
  })
})
