/** Fixtures for the contract's cases: fresh subjects, sample rows, and flows with a fixed clock. */

import { createKeyRing } from '../core/keys.js'
import { resolvePolicy } from '../core/policy.js'
import { newId } from '../core/random.js'
import { isRefusal } from '../core/refusal.js'
import { newSubject, type Instant, type SubjectState } from '../core/state.js'
import type { FlowContext } from '../flows/context.js'
import { verify } from '../flows/verify.js'
import type { StateStore } from '../ports/state-store.js'
import { countingFactor } from './counting-factor.js'

/** A case of the contract, which runs on any store. */
export interface ContractCase {
  readonly title: string
  readonly run: (store: StateStore) => Promise<void>
}

/** The base of all instants: with milliseconds, after 2038, and far ahead because rows with a TTL must not expire. */
export const baseAt: Instant = Date.UTC(2051, 1, 28, 23, 59, 59, 987)

/** A subject that no other case and no earlier run uses, because all of them may share a database. */
export function freshSubject(label: string): string {
  return `contract ${newId()} ${label}`
}

/** The emptiest row: every optional field is empty. */
export function bareState(subject: string, version: number): SubjectState {
  return { ...newSubject(subject, version, baseAt), keepUntil: null }
}

/** The part of the phone factor, with a different value in every field. */
export const fullPhonePart = {
  challenge: {
    id: 'Zm9vYmFyYmF6cXV4MTIzNA',
    sessionKey: 'c2Vzc2lvbiBrZXkgb2YgYQ',
    purpose: 'enrolment',
    code: { owner: 'local', keyId: '0123456789ab' },
    channel: 'whatsapp',
    destination: '+237671234567',
    epoch: 21,
    issuedAt: baseAt + 1,
    expiresAt: baseAt + 300_002,
    attempts: 3,
    maxAttempts: 5,
    sends: 2,
    receipt: {
      ref: 'SM0123456789abcdef0123456789abcdef',
      status: 'failed',
      reason: 'not_delivered',
    },
  },
  sends: {
    count: 7,
    rung: 4,
    lastAt: baseAt + 3,
    nextAt: baseAt + 30_004,
    resetAt: baseAt + 86_400_005,
    windowStartedAt: baseAt - 3_600_006,
    windowCount: 9,
    answeredCount: 3,
  },
}

/** The parts of an enrolled user: an app, recovery codes, a trusted device, and the enrolment policy's record. */
export const heldParts = {
  totp: {
    held: true,
    sealedBy: '0123456789ab',
    id: 'YW4gYXBwIG9mIHNvbWVib2',
    sealed: 'c2VhbGVkIHNlY3JldCBvZiBhbiBhcHAsIGJ5IEFFUy0yNTYtR0NNIHdpdGggYSBub25jZQ',
    name: 'Zoé’s phone 📱',
    addedAt: baseAt - 20,
    usedAt: baseAt + 21,
    lastStep: 85_346_782,
    earlierSteps: [85_346_779, 85_346_780],
  },
  recovery: {
    held: true,
    set: {
      id: 'YSBzZXQgb2YgdGVuIGNvZGU',
      digests: 'Zm9y'.repeat(53),
      used: 0b10_0000_0101,
      addedAt: baseAt - 22,
      usedAt: null,
    },
    ticket: {
      id: 'dGlja2V0IG9mIG9wZXJhdG',
      digest: 'AAAAAAAAAAAAAAAAAAAAAA',
      expiresAt: baseAt,
      epoch: 0,
    },
  },
  enrolment: { dueSince: baseAt - 23, everHeld: true, isClosed: false },
  devices: {
    list: [
      {
        id: 'YSBkZXZpY2UgdGhhdCBpcy',
        hashes: ['LYWEiBGgZ4gzc3FXgYKhbrCAdCnKRpdCF9xnwdTEFmo'],
        formerHash: null,
        rotatedAt: baseAt - 24,
        verifiedAt: baseAt - 25,
        expiresAt: baseAt + 2_592_000_026,
        credential: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
        name: 'Firefox on Linux',
      },
    ],
  },
} as const

/** The part of a factor that the store does not know. */
export const unknownPart = {
  held: true,
  sealedBy: '0123456789ab',
  text: 'Ünïcödé 用户 🔑 \'"\\%_$1?:x',
  nested: { list: [1, 2.5, null, true], empty: {}, at: baseAt + 12 },
}

/** The row with these factors instead of its own. */
export function withParts(
  state: SubjectState,
  factors: Readonly<Record<string, object>>,
): SubjectState {
  return { ...state, factors: factors }
}

/** The fullest row: every field has a different value. */
export function fullState(subject: string, version: number): SubjectState {
  const state: SubjectState = {
    subject,
    version,
    failures: 13,
    lock: { tier: 1, until: baseAt + 1_800_007 },
    epoch: 21,
    grants: [
      {
        id: 'b25lIGdyYW50IGlzIG1hbnk',
        method: 'sms',
        issuedAt: baseAt - 8,
        expiresAt: baseAt + 43_200_009,
      },
      {
        id: 'YW5vdGhlciBncmFudCBoZXJl',
        method: 'another',
        issuedAt: baseAt - 1,
        expiresAt: baseAt + 43_200_010,
      },
    ],
    factors: {},
    keepUntil: baseAt + 86_400_013,
    updatedAt: baseAt + 11,
  }
  return withParts(state, { phone: fullPhonePart, another: unknownPart })
}

/** The real flows on a store, with a manual clock and a factor whose evidence is a count. */
export interface ContractFlows {
  readonly context: FlowContext
  setNow(now: Instant): void
  /** Checks a count; returns `passed` or the refusal's code. The right count is the number of passes so far. */
  guess(subject: string, count: number): Promise<string>
}

/** Makes flows with the default limits, at `baseAt`. */
export function contractFlows(store: StateStore): ContractFlows {
  const factor = countingFactor()
  let now = baseAt
  const context: FlowContext = {
    policy: resolvePolicy(),
    store,
    factors: [factor],
    events: undefined,
    clock: () => now,
    keys: () => createKeyRing('a secret of 32 bytes for the contract'),
    storeTimeoutSeconds: 30,
  }
  return {
    context,
    setNow(instant) {
      now = instant
    },
    async guess(subject, count) {
      const answer = await verify(context, {
        ...{ subject, factor, evidence: count, purpose: 'sign-in' },
        sessionKey: undefined,
        holder: { replacedGrantId: null },
      })
      return isRefusal(answer) ? answer.code : answer.status
    },
  }
}

/** Calls `work` concurrently, `times` times. */
export function inParallel<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => work(index)))
}

/** Counts each distinct answer. */
export function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1
  return counts
}
