import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { issue, undoSend } from '../../src/factors/phone/rules/challenge.js'
import { attachReceipt, recordReceipt } from '../../src/factors/phone/rules/receipt.js'
import { isRefusal } from '../../src/core/refusal.js'
import type { Receipt, SubjectState } from '../../src/core/state.js'
import { challengeOf, freshOf, grantOf, policyOf, rowOf, second, t0 } from './build.js'

const policy = policyOf()

function receiptOf(parts: Partial<Receipt> = {}): Receipt {
  return { ref: 'SM1', status: 'accepted', reason: null, ...parts }
}

/** A row in the middle of everything, whose challenge went out as `SM1`. */
function busyRow(receipt: Receipt | null = receiptOf()): SubjectState {
  return rowOf({
    version: 9,
    challenge: challengeOf({ attempts: 2, sends: 2, receipt }),
    failures: 12,
    lock: { tier: 1, until: t0 + 1 },
    epoch: 3,
    grants: [grantOf()],
  })
}

const statusAfter = (from: Receipt, ...reports: Receipt[]) =>
  reports.reduce((row, report) => recordReceipt(row, report).state, busyRow(from)).challenge
    ?.receipt?.status

describe('the id of a message', () => {
  test('is kept with its challenge, as accepted, and changes nothing else', () => {
    const row = busyRow(null)
    const { state } = attachReceipt(row, 'challenge-1', 'SM1')
    expect(state).toEqual(busyRow(receiptOf()))
  })

  test('takes the place of the message before', () => {
    const row = busyRow(receiptOf({ status: 'failed', reason: 'unreachable' }))
    const { state } = attachReceipt(row, 'challenge-1', 'SM2')
    expect(state.challenge?.receipt).toEqual(receiptOf({ ref: 'SM2' }))
  })

  test.each([
    ['another challenge', busyRow(null), 'challenge-2', 'SM1'],
    ['no challenge', rowOf(), 'challenge-1', 'SM1'],
    ['an empty id', busyRow(null), 'challenge-1', ''],
    ['an id that no column holds', busyRow(null), 'challenge-1', 'x'.repeat(256)],
  ])('is not kept for %s', (_what, row, challengeId, ref) => {
    expect(attachReceipt(row, challengeId, ref).state).toBe(row)
  })
})

describe('a report', () => {
  test.each([
    receiptOf({ status: 'sent' }),
    receiptOf({ status: 'delivered' }),
    receiptOf({ status: 'failed', reason: 'blocked' }),
  ])('of $status is kept, and changes nothing else: no guess, no lock, no grant', (report) => {
    const { state, outcome } = recordReceipt(busyRow(), report)
    expect(outcome).toBe('recorded')
    expect(state).toEqual(busyRow(report))
  })

  test('that repeats what is known leaves the row as it is, the same object', () => {
    for (const known of [
      receiptOf(),
      receiptOf({ status: 'sent' }),
      receiptOf({ status: 'failed', reason: 'blocked' }),
    ]) {
      const row = busyRow(known)
      expect(recordReceipt(row, known)).toEqual({ state: row, outcome: 'repeated' })
      expect(recordReceipt(row, known).state).toBe(row)
    }
  })

  test('that comes late takes nothing back', () => {
    const sent = receiptOf({ status: 'sent' })
    expect(statusAfter(sent, receiptOf())).toBe('sent')
    expect(statusAfter(receiptOf({ status: 'delivered' }), sent, receiptOf())).toBe('delivered')
  })

  test('that is final is never changed, by the other final one either', () => {
    const delivered = receiptOf({ status: 'delivered' })
    const failed = receiptOf({ status: 'failed', reason: 'not_delivered' })
    expect(statusAfter(delivered, failed)).toBe('delivered')
    expect(statusAfter(failed, delivered)).toBe('failed')
  })

  test.each([
    ['another message', busyRow(), receiptOf({ ref: 'SM2', status: 'sent' })],
    ['a message of unknown id', busyRow(null), receiptOf({ status: 'sent' })],
    ['a challenge that is over', rowOf(), receiptOf({ status: 'sent' })],
  ])('on %s is about nothing here', (_what, row, report) => {
    const { state, outcome } = recordReceipt(row, report)
    expect(outcome).toBe('unknown')
    expect(state).toBe(row)
  })

  test('ends where it would whatever the order and the repetitions, and touches nothing beside', () => {
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
        expect(state).toEqual(busyRow(final ?? sent ?? receiptOf()))
      }),
    )
  })
})

describe('sending again', () => {
  const known = receiptOf({ status: 'failed', reason: 'unreachable' })
  const row = rowOf({ challenge: challengeOf({ receipt: known }) })
  const again = issue(row, t0 + second, policy, 'challenge-1', freshOf())

  test('forgets the message before: nothing is known of the new one yet', () => {
    expect(again.outcome).toMatchObject({ status: 'issued', resent: true })
    expect(again.state.challenge?.receipt).toBeNull()
    expect(recordReceipt(again.state, receiptOf({ status: 'delivered' })).outcome).toBe('unknown')
  })

  test('knows it again where the new one certainly reached nobody', () => {
    if (isRefusal(again.outcome)) throw new Error('refused')
    const { state } = undoSend(again.state, t0 + second, policy, again.outcome)
    expect(state.challenge?.receipt).toEqual(known)
  })

  test('as a new challenge begins with nothing known', () => {
    const { state } = issue(row, t0 + second, policy, null, freshOf({ id: 'challenge-2' }))
    expect(state.challenge).toMatchObject({ id: 'challenge-2', receipt: null })
  })
})
