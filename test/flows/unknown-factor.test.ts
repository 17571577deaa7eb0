/**
 * Rows written by a process with another factor: this process keeps the part it does not know, and lets nobody pass by
 * it.
 */

import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { newSubject, type FactorPart, type SubjectState } from '../../src/core/state.js'
import { reset } from '../../src/flows/admin.js'
import { endAllGrants, endSession } from '../../src/flows/grants.js'
import type { StateStore } from '../../src/index.js'
import { unknownPart, withParts } from '../../src/testing/contract-fixtures.js'
import { startTestApp } from '../support/app.js'
import { second, t0 } from '../support/clock.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { alicesSubject, isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'
import { rowOf } from '../support/rows.js'
import {
  ask,
  begin,
  challengeIdOf,
  guess,
  lastCode,
  openRig,
  phonePartOf,
  subject,
  type Rig,
} from './rig.js'

/** Writes a row as another process would. */
async function write(
  store: StateStore,
  of: string,
  change: (row: SubjectState) => SubjectState,
): Promise<void> {
  const row = await rowOf(store, of)
  const next = { ...change(row), version: row.version + 1 }
  if (!(await store.compareAndSwap(of, row.version, next))) throw new Error('overtaken')
}

/** A user without failures: what else could keep the row for good is the part of the unknown factor. */
async function rigWith(parts: Readonly<Record<string, FactorPart>>): Promise<Rig> {
  const store = memoryStore()
  const row = { ...newSubject(subject, 7, t0), keepUntil: null }
  await store.compareAndSwap(subject, null, withParts(row, parts))
  return openRig({ store })
}

const unknownParts: [string, FactorPart][] = [
  ['that is enrolled', unknownPart],
  ['that enrols nothing', { ...unknownPart, held: undefined }],
]

const deeds: [string, (rig: Rig) => Promise<unknown>][] = [
  ['a start', (rig) => begin(rig)],
  [
    'a start that reached nobody',
    async (rig) => {
      rig.answer = () => Promise.resolve({ status: 'rejected', reason: 'unavailable' })
      expect(outcomeOf((await ask(rig)).answer)).toBe('delivery_unavailable')
    },
  ],
  [
    'a resend',
    async (rig) => {
      const sessionKey = await begin(rig)
      const id = await challengeIdOf(rig)
      rig.now += 30 * second
      await begin(rig, { sessionKey })
      expect(await challengeIdOf(rig)).toBe(id)
    },
  ],
  [
    'a right code',
    async (rig) => {
      const answer = await guess(rig, { sessionKey: await begin(rig) })
      expect(outcomeOf(answer)).toBe('passed')
    },
  ],
  [
    'an enrolment',
    async (rig) => {
      await guess(rig, { sessionKey: await begin(rig) })
      const [grant] = (await rowOf(rig.store, subject)).grants
      rig.now += 60 * second
      const purpose = 'enrolment'
      const sessionKey = await begin(rig, { purpose })
      const answer = await guess(rig, { sessionKey, purpose, grantId: grant?.id })
      expect(outcomeOf(answer)).toBe('passed')
    },
  ],
  [
    'giving up',
    async (rig) => endSession(rig.context, subject, { sessionKey: await begin(rig) }, 'logout'),
  ],
  [
    'a logout',
    async (rig) => {
      await guess(rig, { sessionKey: await begin(rig) })
      const [grant] = (await rowOf(rig.store, subject)).grants
      await endSession(rig.context, subject, { grantId: grant?.id }, 'logout')
      expect((await rowOf(rig.store, subject)).grants).toEqual([])
    },
  ],
  [
    'a revocation',
    async (rig) => {
      await guess(rig, { sessionKey: await begin(rig) })
      await endAllGrants(rig.context, subject)
      expect((await rowOf(rig.store, subject)).grants).toEqual([])
    },
  ],
  ...(['all', 'attempts', 'resends', 'challenge'] as const).map(
    (scope): [string, (rig: Rig) => Promise<unknown>] => [
      `a reset of ${scope}`,
      async (rig) => {
        await begin(rig)
        await reset(rig.context, subject, scope)
      },
    ],
  ),
]

describe.each(unknownParts)('the part of an unknown factor, %s,', (_which, part) => {
  test.each(deeds)('is kept by %s, and its row is kept forever', async (_deed, work) => {
    const rig = await rigWith({ another: part })
    const before = await rowOf(rig.store, subject)
    await work(rig)
    const row = await rowOf(rig.store, subject)
    expect(row.version).toBeGreaterThan(before.version)
    expect(row.factors).toEqual({ another: part, phone: await phonePartOf(rig) })
    expect([row.failures, row.keepUntil]).toEqual([0, null])
  })

  test('is kept by wrong codes, a lock and the reset that ends it', async () => {
    const rig = await rigWith({ another: part })
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    const failed = await rowOf(rig.store, subject)
    expect([failed.failures, failed.factors['another']]).toEqual([1, part])
    await reset(rig.context, subject, 'attempts')
    const row = await rowOf(rig.store, subject)
    expect([row.failures, row.factors['another'], row.keepUntil]).toEqual([0, part, null])
  })
})

test.each(deeds)('a row without such a part expires after %s', async (_deed, work) => {
  const rig = await rigWith({})
  await work(rig)
  expect((await rowOf(rig.store, subject)).keepUntil).toBeGreaterThanOrEqual(rig.now)
})

test('a grant of a method that is not configured does not pass', async () => {
  const app = await startTestApp()
  const browser = await passedBrowser(app, 'alice')
  const grantsBy = (method: string) =>
    write(app.store, alicesSubject, (row) => ({
      ...row,
      grants: row.grants.map((grant) => ({ ...grant, method })),
    }))
  expect(await isIn(browser)).toBe(true)
  await grantsBy('another')
  expectProblem(await browser.get('/account'), 'second_factor_required', {
    challengeUrl: '/second-factor/',
  })
  expect((await browser.get('/second-factor/')).json).toMatchObject({
    ...{ passed: false, method: null, passedAt: null, methods: ['sms'] },
  })
  expect((await browser.get('/profile')).json).toMatchObject({
    secondFactor: { passed: false, method: null, amr: ['pwd'] },
  })
  // Only a process that knows the method can judge its worth.
  await grantsBy('sms')
  expect(await isIn(browser)).toBe(true)
  await grantsBy('another')
  app.clock.advance(30)
  await browser.post('/second-factor/challenge')
  expect((await verify(browser, app.codeFor('alice'))).status).toBe(200)
  expect(await isIn(browser)).toBe(true)
  await app.close()
})
