/**
 * The attacker knows the password and guesses codes of the app, of messages, and recovery codes: one after the other,
 * mixed, and hundreds at once. All failures count in one ledger, whatever the factor.
 */

import { describe, expect, test } from 'vitest'

import { defaultPolicy } from '../../src/index.js'
import { tally } from '../../src/testing/contract-fixtures.js'
import { mount, setUpApp, setUpCodes, startHeldApp } from '../support/held-app.js'
import {
  giveApp,
  giveRecovery,
  jarsOf,
  outcomeIn,
  setUpBesideMessages,
  startWithMessages,
} from '../support/held-deeds.js'
import { together } from '../support/in-or-out.js'
import { wrongCode } from '../support/codes.js'
import { rowOf } from '../support/rows.js'

const { lockAfterFailures, hardStopFailures, lockLadderSeconds } = defaultPolicy
const noCode = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'

test('of 100 guesses at an app code at once, exactly those before the lock are judged', async () => {
  await using app = await startHeldApp()
  const { code } = await setUpApp(app)
  app.clock.advance(60)
  const jars = await jarsOf(app, 20)
  const right = code()
  // Beyond those that the drift would let in.
  const answers = await together(100, (nth) =>
    giveApp(jars[nth % 20] ?? app.browser(), wrongCode(right, 1_000 + nth)),
  )
  expect(tally(answers.map(outcomeIn))).toEqual({
    code_incorrect: lockAfterFailures,
    locked_out: 100 - lockAfterFailures,
  })
  expect((await rowOf(app.store, '1')).failures).toBe(lockAfterFailures)
  const late = await giveApp(jars[0] ?? app.browser(), right)
  expect([late.status, outcomeIn(late)]).toEqual([429, 'locked_out'])
})

test('of 90 guesses at three factors at once, exactly those before the lock are judged', async () => {
  await using app = await startWithMessages()
  const { browser, code } = await setUpBesideMessages(app)
  await setUpCodes(browser)
  app.clock.advance(60)
  const jar = await app.login('alice')
  const sent = await jar.post(`${mount}/challenge`, { method: 'sms' })
  expect(sent.status).toBe(201)
  const text = app.inbox.inbox()[0]?.code ?? ''
  const answers = await together(90, (nth) => {
    if (nth % 3 === 0) return giveApp(jar, wrongCode(code(), 1_000 + nth))
    if (nth % 3 === 1) return giveRecovery(jar, noCode)
    return jar.post(`${mount}/verify`, { method: 'sms', code: wrongCode(text) })
  })
  const counts = tally(answers.map(outcomeIn))
  expect(counts['code_incorrect']).toBe(lockAfterFailures)
  expect(Object.keys(counts).sort()).toEqual(
    expect.arrayContaining(['code_incorrect', 'locked_out']),
  )
  expect((await rowOf(app.store, '1')).failures).toBe(lockAfterFailures)
})

test('switching between messages and the app evades no limit: the tenth failure locks both', async () => {
  await using app = await startWithMessages()
  const { code } = await setUpBesideMessages(app)
  app.clock.advance(60)
  const jar = await app.login('alice')
  const said: string[] = []
  for (let nth = 0; nth < lockAfterFailures; nth += 1) {
    if (nth % 2 === 0) {
      const sent = await jar.post(`${mount}/challenge`, { method: 'sms' })
      if (sent.status === 429) app.clock.advance(30)
      const text = app.inbox.inbox()[0]?.code ?? '000000'
      const answer = await jar.post(`${mount}/verify`, { method: 'sms', code: wrongCode(text) })
      said.push(outcomeIn(answer))
    } else {
      said.push(outcomeIn(await giveApp(jar, wrongCode(code(), 5_000))))
    }
  }
  expect(said).toEqual(Array.from({ length: lockAfterFailures }, () => 'code_incorrect'))
  for (const answer of [
    await giveApp(jar, code()),
    await jar.post(`${mount}/challenge`, { method: 'sms' }),
    await jar.post(`${mount}/verify`, { method: 'sms', code: '000000' }),
  ]) {
    expect(outcomeIn(answer)).toBe('locked_out')
  }
})

test('each wrong guess reports how many are left, and the last one reports the lock', async () => {
  await using app = await startHeldApp()
  const { code } = await setUpApp(app)
  app.clock.advance(60)
  const jar = await app.login('alice')
  for (let left = lockAfterFailures - 1; left > 0; left -= 1) {
    expect((await giveApp(jar, wrongCode(code(), 5_000))).json).toMatchObject({
      code: 'code_incorrect',
      attemptsLeft: left,
    })
  }
  expect((await giveApp(jar, wrongCode(code(), 5_000))).json).toMatchObject({
    code: 'code_incorrect',
    attemptsLeft: 0,
    lockedUntil: app.clock.iso(lockLadderSeconds[0]),
  })
  const status = await jar.get(`${mount}/`)
  expect(status.json).toMatchObject({ locked: true, passed: false })
})

test('malformed input is not a guess: 200 malformed codes lock nobody out', async () => {
  await using app = await startHeldApp()
  const { browser } = await setUpApp(app)
  await setUpCodes(browser)
  const jar = await app.login('alice')
  const bodies: object[] = [
    { method: 'totp' },
    { method: 'totp', code: 123456 },
    { method: 'totp', code: '12345' },
    { method: 'totp', code: '1234567' },
    { method: 'totp', code: ['123456'] },
    { method: 'totp', code: { length: 6 } },
    { method: 'totp', code: null },
    { method: 'totp', code: '12345a' },
    { method: 'recovery-code', code: '123456' },
    { method: 'recovery-code', code: `${noCode}A` },
    { method: 'recovery-code', code: 'U'.repeat(24) },
    { method: 'recovery-code', code: [noCode] },
    { method: 'nothing', code: '123456' },
    { method: ['totp'], code: 'x' },
    { method: '__proto__', code: '123456' },
  ]
  for (const body of bodies) {
    const answer = await jar.post(`${mount}/verify`, body)
    expect([JSON.stringify(body), answer.status]).toEqual([JSON.stringify(body), 400])
  }
  const more = await together(185, (nth) => jar.post(`${mount}/verify`, bodies[nth % 15]))
  expect(more.every(({ status }) => status === 400)).toBe(true)
  expect((await rowOf(app.store, '1')).failures).toBe(0)
  expect(app.faults).toEqual([])
})

describe('the attacker has locked the victim out', () => {
  async function locked(failures: number) {
    const app = await startHeldApp()
    const { browser, code } = await setUpApp(app)
    const codes = await setUpCodes(browser)
    app.clock.advance(60)
    let thief = await app.login('alice')
    for (let nth = 0; nth < failures; nth += 1) {
      const { lock } = await rowOf(app.store, '1')
      if (lock.until !== null && app.clock.now < lock.until) {
        app.clock.now = lock.until
        thief = await app.login('alice')
      }
      expect(outcomeIn(await giveApp(thief, wrongCode(code(), 5_000)))).toBe('code_incorrect')
    }
    return { app, thief, code, codes, [Symbol.asyncDispose]: () => app.close() }
  }

  test('who still passes by a recovery code, which ends the lock', async () => {
    await using scene = await locked(lockAfterFailures)
    const { app, code, codes } = scene
    const owner = await app.login('alice')
    expect(outcomeIn(await giveApp(owner, code()))).toBe('locked_out')
    expect(outcomeIn(await giveRecovery(owner, codes[0]))).toBe('passed')
    expect(await rowOf(app.store, '1')).toMatchObject({ failures: 0, lock: { tier: 0 } })
    app.clock.advance(30)
    expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('passed')
  })

  test('for good: the right app code is refused, and a recovery code lets the owner in and clears the ledger', async () => {
    await using scene = await locked(hardStopFailures)
    const { app, code, codes } = scene
    app.clock.advance(30 * 86_400)
    const owner = await app.login('alice')
    const refused = await giveApp(owner, code())
    expect([refused.status, refused.json]).toEqual([
      429,
      expect.not.objectContaining({ retryAt: expect.anything() as unknown }),
    ])
    expect(outcomeIn(refused)).toBe('locked_out')
    expect(outcomeIn(await giveRecovery(owner, codes[9]))).toBe('passed')
    expect(await rowOf(app.store, '1')).toMatchObject({ failures: 0, lock: { tier: 0 } })
  })

  test('and guesses recovery codes behind the lock: nothing is written, nothing is counted', async () => {
    await using scene = await locked(lockAfterFailures)
    const { app, thief } = scene
    const before = await rowOf(app.store, '1')
    const answers = await together(30, () => giveRecovery(thief, noCode))
    expect(tally(answers.map(outcomeIn))).toEqual({ locked_out: 30 })
    expect(await rowOf(app.store, '1')).toEqual(before)
  })
})
