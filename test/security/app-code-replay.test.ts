/**
 * The attacker has read a code of the victim's app: over the shoulder, from a phishing page, or as it was set up. They
 * know the password as well, and type the code wherever one is asked for, in its time and after.
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

test('the code it was set up with opens no login', async () => {
  await using app = await startHeldApp()
  const { code } = await setUpApp(app)
  const answer = await giveApp(await app.login('alice'), code())
  expect([answer.status, outcomeIn(answer)]).toEqual([403, 'code_used'])
})

test('the code before the one that passed is used up with it, although nobody ever typed it', async () => {
  await using app = await startHeldApp()
  const { secret, code } = await setUpApp(app)
  app.clock.advance(90)
  const before = appCode(secret, app.clock.now - 30_000)
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('passed')
  expect(outcomeIn(await giveApp(await app.login('alice'), before))).toBe('code_used')
})

test('a code of a fast clock uses up every code up to it', async () => {
  await using app = await startHeldApp()
  const { secret, code } = await setUpApp(app)
  app.clock.advance(90)
  const early = appCode(secret, app.clock.now + 30_000)
  expect(outcomeIn(await giveApp(await app.login('alice'), early))).toBe('passed')
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('code_used')
  app.clock.advance(30)
  expect(outcomeIn(await giveApp(await app.login('alice'), early))).toBe('code_used')
})

test('a code that was spent at a login does no step-up', async () => {
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

test('a code of bob’s app is none of alice’s', async () => {
  await using app = await startHeldApp()
  await setUpApp(app)
  const { code } = await setUpApp(app, 'bob')
  app.clock.advance(60)
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('code_incorrect')
})

test('a code that was used is counted for nobody, however often it is typed', async () => {
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

describe('the server’s clock was an hour ahead when a code passed', () => {
  test('and is right again: the next code passes, and the used ones do not', async () => {
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

test('codes from before or after the drift are wrong, and are counted', async () => {
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

describe('no attacker, but a person who clicks twice', () => {
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

  test('leaves the person in, whichever click came first', async () => {
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
