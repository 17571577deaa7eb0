/** What the contract's cases are made of: subjects of their own, sample rows, and flows on a set clock. */

import { createKeyRing, newId, type KeyRing } from '../core/code.js'
import { messageComposer } from '../core/message.js'
import { resolvePolicy } from '../core/policy.js'
import { isRefusal } from '../core/refusal.js'
import { noLock, noSends, type Instant, type SubjectState } from '../core/state.js'
import type { FlowContext } from '../flows/context.js'
import { localDelivery } from '../flows/delivery.js'
import { startChallenge, type StartAnswer } from '../flows/start-challenge.js'
import { verifyChallenge } from '../flows/verify-challenge.js'
import type { CodeSender } from '../ports/code-sender.js'
import type { StateStore } from '../ports/state-store.js'

/** A case of the contract, before it has a store. */
export interface ContractCase {
  readonly title: string
  readonly run: (store: StateStore) => Promise<void>
}

/** On which the cases are built: with milliseconds, past 2038, and ahead, so that rows with a TTL live on. */
export const baseAt: Instant = Date.UTC(2051, 1, 28, 23, 59, 59, 987)

/** A subject that no other case and no earlier run has used, so that the suite may share a database. */
export function freshSubject(label: string): string {
  return `contract ${newId()} ${label}`
}

/** The emptiest row: every field that may be `null` is. */
export function bareState(subject: string, version: number): SubjectState {
  return {
    subject,
    version,
    challenge: null,
    sends: noSends,
    failures: 0,
    lock: noLock,
    epoch: 0,
    grants: [],
    updatedAt: baseAt,
  }
}

/** The fullest row: every field has a value of its own. */
export function fullState(subject: string, version: number): SubjectState {
  return {
    subject,
    version,
    challenge: {
      id: 'Zm9vYmFyYmF6cXV4MTIzNA',
      keyId: '0123456789ab',
      purpose: 'phone-verification',
      method: 'sms',
      channel: 'whatsapp',
      destination: '+237671234567',
      hostedRef: 'VE0123456789abcdef0123456789abcdef',
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
    },
    failures: 13,
    lock: { tier: 1, until: baseAt + 1_800_007 },
    epoch: 21,
    grants: [
      {
        id: 'b25lIGdyYW50IGlzIG1hbnk',
        method: 'sms',
        purpose: 'sign-in',
        issuedAt: baseAt - 8,
        expiresAt: baseAt + 43_200_009,
      },
      {
        id: 'YW5vdGhlciBncmFudCBoZXJl',
        method: 'sms',
        purpose: 'phone-verification',
        issuedAt: baseAt - 1,
        expiresAt: baseAt + 43_200_010,
      },
    ],
    updatedAt: baseAt + 11,
  }
}

/** The real flows on a store, with a clock that is set by hand and a sender that only counts. */
export interface ContractFlows {
  readonly context: FlowContext
  readonly keys: KeyRing
  /** The codes that were sent, oldest first. */
  readonly sent: readonly string[]
  setNow(now: Instant): void
  start(subject: string): Promise<StartAnswer>
  /** Judges a code and answers the refusal's code, or `passed`. */
  guess(subject: string, code: string): Promise<string>
}

/** Flows with the default limits, at `baseAt`. `onSend` may hold a message up, or the process with it. */
export function contractFlows(
  store: StateStore,
  onSend: (code: string) => Promise<void> = () => Promise.resolve(),
): ContractFlows {
  const policy = resolvePolicy()
  const sent: string[] = []
  let now = baseAt
  const sender: CodeSender = {
    channel: 'sms',
    async send({ code }) {
      sent.push(code.reveal())
      await onSend(code.reveal())
      return { status: 'sent' }
    },
  }
  const keys = createKeyRing('the store contract needs a secret of 32 bytes')
  const compose = messageComposer({}, policy)
  const context: FlowContext = {
    policy,
    store,
    keys,
    delivery: localDelivery([sender], keys, compose, policy.digits),
    verifier: null,
    events: undefined,
    keepsReceipts: false,
    clock: () => now,
    storeTimeoutSeconds: 30,
  }
  const purpose = 'sign-in'
  return {
    context,
    keys,
    sent,
    setNow(instant) {
      now = instant
    },
    start(subject) {
      const destination = '+237671234567'
      return startChallenge(context, { subject, purpose, destination, locale: null, ownId: null })
    },
    async guess(subject, code) {
      const answer = await verifyChallenge(context, {
        subject,
        purpose,
        code,
        challengeId: undefined,
        holder: { replacedGrantId: null },
      })
      return isRefusal(answer) ? answer.code : answer.status
    },
  }
}

/** A code that is certainly not this one. */
export function wrongCode(right: string): string {
  return right.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
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
