import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { defaultPolicy as policy } from '../../../../src/core/policy.js'
import { isRefusal } from '../../../../src/core/refusal.js'
import type { SubjectState } from '../../../../src/core/state.js'
import { issue, undoSend } from '../../../../src/factors/phone/rules/challenge.js'
import type { Receipt } from '../../../../src/factors/phone/rules/part.js'
import {
  attachReceipt,
  attachRef,
  recordReceipt,
} from '../../../../src/factors/phone/rules/receipt.js'
import { grantWith, rowWith } from '../../../core/build.js'
import { second, t0 } from '../../../support/clock.js'
import { phoneOf } from '../../../support/rows.js'
import { challengeWith, freshChallenge, phoneRow, receiptWith } from './build.js'

/** A row in the middle of everything, whose challenge went out as `SM1`. */
function busyRow(receipt: Receipt | null = receiptWith()): SubjectState {
  return phoneRow(
    { challenge: challengeWith({ epoch: 3, attempts: 2, sends: 2, receipt }) },
    {
      version: 9,
      failures: 12,
      lock: { tier: 1, until: t0 + 1 },
      epoch: 3,
      grants: [grantWith()],
    },
  )
}

const receiptIn = (row: SubjectState) => phoneOf(row).challenge?.receipt

const statusAfter = (from: Receipt, ...reports: Receipt[]) =>
  receiptIn(reports.reduce((row, report) => recordReceipt(row, report).state, busyRow(from)))
    ?.status

describe('a message id', () => {
  test('is stored with its challenge as accepted, and changes nothing else', () => {
    const row = busyRow(null)
    const { state } = attachReceipt(row, 'challenge-1', 'SM1')
    expect(state).toEqual(busyRow(receiptWith()))
  })

  test('replaces the previous message’s', () => {
    const row = busyRow(receiptWith({ status: 'failed', reason: 'unreachable' }))
    const { state } = attachReceipt(row, 'challenge-1', 'SM2')
    expect(receiptIn(state)).toEqual(receiptWith({ ref: 'SM2' }))
  })

  test.each([
    ['another challenge', busyRow(null), 'challenge-2', 'SM1'],
    ['no challenge', rowWith(), 'challenge-1', 'SM1'],
    ['an empty id', busyRow(null), 'challenge-1', ''],
    ['an id that no column holds', busyRow(null), 'challenge-1', 'x'.repeat(256)],
  ])('is not stored for %s', (_what, row, challengeId, ref) => {
    expect(attachReceipt(row, challengeId, ref).state).toBe(row)
  })
})

describe('a report', () => {
  test.each([
    receiptWith({ status: 'sent' }),
    receiptWith({ status: 'delivered' }),
    receiptWith({ status: 'failed', reason: 'blocked' }),
  ])('of $status is stored and changes nothing else: no guess, no lock, no grant', (report) => {
    const { state, outcome } = recordReceipt(busyRow(), report)
    expect(outcome).toBe('recorded')
    expect(state).toEqual(busyRow(report))
  })

  test('that repeats the last one leaves the row as it is, the same object', () => {
    for (const known of [
      receiptWith(),
      receiptWith({ status: 'sent' }),
      receiptWith({ status: 'failed', reason: 'blocked' }),
    ]) {
      const row = busyRow(known)
      expect(recordReceipt(row, known)).toEqual({ state: row, outcome: 'repeated' })
      expect(recordReceipt(row, known).state).toBe(row)
    }
  })

  test('that comes late undoes nothing', () => {
    const sent = receiptWith({ status: 'sent' })
    expect(statusAfter(sent, receiptWith())).toBe('sent')
    expect(statusAfter(receiptWith({ status: 'delivered' }), sent, receiptWith())).toBe('delivered')
  })

  test('that is final never changes, not even to the other final status', () => {
    const delivered = receiptWith({ status: 'delivered' })
    const failed = receiptWith({ status: 'failed', reason: 'not_delivered' })
    expect(statusAfter(delivered, failed)).toBe('delivered')
    expect(statusAfter(failed, delivered)).toBe('failed')
  })

  test.each([
    ['another message', busyRow(), receiptWith({ ref: 'SM2', status: 'sent' })],
    ['a message of unknown id', busyRow(null), receiptWith({ status: 'sent' })],
    ['a challenge that is over', rowWith(), receiptWith({ status: 'sent' })],
  ])('on %s is unknown and changes nothing', (_what, row, report) => {
    const { state, outcome } = recordReceipt(row, report)
    expect(outcome).toBe('unknown')
    expect(state).toBe(row)
  })

  test('leads to the same result in any order and repeated, and changes nothing else', () => {
    const report = fc.record({
      ref: fc.constantFrom('SM1', 'SM2', ''),
      status: fc.constantFrom('accepted', 'sent', 'delivered', 'failed'),
      reason: fc.constantFrom(null, 'unreachable', 'blocked'),
    }) satisfies fc.Arbitrary<Receipt>
    fc.assert(
      fc.property(fc.array(report, { maxLength: 12 }), (reports) => {
        const row = busyRow()
        let state = row
        for (const each of reports) state = recordReceipt(state, each).state
        const own = reports.filter(({ ref }) => ref === 'SM1')
        const final = own.find(({ status }) => status === 'delivered' || status === 'failed')
        const sent = own.find(({ status }) => status === 'sent')
        expect(state).toEqual(busyRow(final ?? sent ?? receiptWith()))
      }),
    )
  })
})

describe('sending again', () => {
  const known = receiptWith({ status: 'failed', reason: 'unreachable' })
  const row = phoneRow({ challenge: challengeWith({ receipt: known }) })
  const again = issue(row, t0 + second, policy, phoneOf(row).challenge, freshChallenge())

  test('clears the previous message’s receipt: nothing is known about the new one yet', () => {
    expect(again.outcome).toMatchObject({ status: 'issued', resent: true })
    expect(receiptIn(again.state)).toBeNull()
    expect(recordReceipt(again.state, receiptWith({ status: 'delivered' })).outcome).toBe('unknown')
  })

  test('restores it if the new one certainly reached nobody', () => {
    if (isRefusal(again.outcome)) throw new Error('refused')
    const { state } = undoSend(again.state, t0 + second, policy, again.outcome)
    expect(receiptIn(state)).toEqual(known)
  })

  test('as a new challenge starts without a receipt', () => {
    const { state } = issue(row, t0 + second, policy, null, freshChallenge({ id: 'challenge-2' }))
    expect(phoneOf(state).challenge).toMatchObject({ id: 'challenge-2', receipt: null })
  })
})

describe('the vendor’s verification id', () => {
  const hosted = (ref: string | null) => ({ owner: 'hosted', ref }) as const
  const startedRow = (ref: string | null) =>
    phoneRow({ challenge: challengeWith({ code: hosted(ref) }) }, { failures: 2 })

  test('is stored with its challenge and changes nothing else', () => {
    expect(attachRef(startedRow(null), 'challenge-1', 'VE1').state).toEqual(startedRow('VE1'))
  })

  test('leaves the row the same object if a resend returns it again', () => {
    const row = startedRow('VE1')
    expect(attachRef(row, 'challenge-1', 'VE1').state).toBe(row)
  })

  test.each([
    ['another challenge', startedRow(null), 'challenge-2'],
    ['no challenge', rowWith(), 'challenge-1'],
    ['a code of our own', phoneRow({ challenge: challengeWith() }), 'challenge-1'],
  ])('is not stored for %s', (_what, row, challengeId) => {
    expect(attachRef(row, challengeId, 'VE1').state).toBe(row)
  })
})
