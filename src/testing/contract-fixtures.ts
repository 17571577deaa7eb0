/** The parts of the contract's cases: subjects of their own, sample rows, and flows on a set clock. */

import { createKeyRing } from '../core/keys.js'
import { resolvePolicy } from '../core/policy.js'
import { newId } from '../core/random.js'
import { isRefusal } from '../core/refusal.js'
import { newSubject, type Instant, type SubjectState } from '../core/state.js'
import type { FlowContext } from '../flows/context.js'
import { verify } from '../flows/verify.js'
import type { StateStore } from '../ports/state-store.js'
import { countingFactor } from './counting-factor.js'

/** A case of the contract, before it has a store. */
export interface ContractCase {
  readonly title: string
  readonly run: (store: StateStore) => Promise<void>
}

/** The base of all instants: with milliseconds, past 2038, and ahead, so that rows with a TTL live on. */
export const baseAt: Instant = Date.UTC(2051, 1, 28, 23, 59, 59, 987)

/** A subject that no other case and no earlier run has used, so that the suite may share a database. */
export function freshSubject(label: string): string {
  return `contract ${newId()} ${label}`
}

/** The emptiest row: every field that may be empty is. */
export function bareState(subject: string, version: number): SubjectState {
  return { ...newSubject(subject, version, baseAt), keepUntil: null }
}

/** What the phone keeps, with a value of its own in every field. */
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

/** What somebody holds who has enrolled, and trusts a device: an app, recovery codes, and what the policy remembers. */
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

/** What a factor may keep that a store knows nothing of. */
export const unknownPart = {
  held: true,
  sealedBy: '0123456789ab',
  text: 'Ünïcödé 用户 🔑 \'"\\%_$1?:x',
  nested: { list: [1, 2.5, null, true], empty: {}, at: baseAt + 12 },
}

/** A row with these parts of factors. */
export function withParts(
  state: SubjectState,
  factors: Readonly<Record<string, object>>,
): SubjectState {
  return { ...state, factors: factors }
}

/** The fullest row: every field has a value of its own. */
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

/** The real flows on a store, with a clock that is set by hand and a factor whose evidence is a count. */
export interface ContractFlows {
  readonly context: FlowContext
  setNow(now: Instant): void
  /** Judges a count and returns the refusal's code, or `passed`. The right one is how often the user has passed. */
  guess(subject: string, count: number): Promise<string>
}

/** Flows with the default limits, at `baseAt`. */
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

/** Calls `work` so many times at once. */
export function inParallel<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => work(index)))
}

/** How often each answer came. */
export function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1
  return counts
}
