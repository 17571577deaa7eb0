/** The flows on a store in memory, with a clock and a sender that do as they are told and remember what they heard. */

import { createKeyRing, type KeyRing } from '../../src/factors/phone/rules/code.js'
import { messageComposer, type MessageOptions } from '../../src/factors/phone/message/message.js'
import { resolvePolicy, type PolicyOptions } from '../../src/core/policy.js'
import { isRefusal, type Refusal } from '../../src/core/refusal.js'
import type { SubjectState } from '../../src/core/state.js'
import type { ChallengeView } from '../../src/core/view.js'
import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import type { FlowContext } from '../../src/flows/context.js'
import { localDelivery } from '../../src/factors/phone/delivery.js'
import {
  startChallenge,
  type StartAnswer,
  type StartRequest,
} from '../../src/factors/phone/start-challenge.js'
import { verifyChallenge } from '../../src/flows/verify.js'
import type { CodeSender, SendResult } from '../../src/factors/phone/ports/code-sender.js'
import type { EventSink, SecondFactorEvent } from '../../src/ports/event-sink.js'
import type { StateStore } from '../../src/ports/state-store.js'

export const t0 = Date.UTC(2026, 0, 1)
export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const cameroon = '+237671234567'
export const india = '+919876543210'

export const firstSecret = 'first-secret-of-at-least-32-bytes-0'
export const otherSecret = 'other-secret-of-at-least-32-bytes-0'

/** A message as the sender saw it, its secrets revealed. */
export interface SentMessage {
  readonly to: string
  readonly code: string
  readonly text: string
  readonly expiresAt: Date
  readonly validForSeconds: number
  readonly locale: string | null
}

export interface RigOptions {
  readonly policy?: PolicyOptions
  readonly store?: StateStore
  readonly keys?: KeyRing
  readonly events?: EventSink
  readonly message?: MessageOptions
  readonly keepsReceipts?: boolean
}

export interface Rig {
  readonly context: FlowContext
  readonly messages: readonly SentMessage[]
  readonly events: readonly SecondFactorEvent[]
  /** Milliseconds since the epoch; a test sets it. */
  now: number
  /** How the sender answers from now on. */
  answer: () => Promise<SendResult>
}

export function openRig(options: RigOptions = {}): Rig {
  const messages: SentMessage[] = []
  const events: SecondFactorEvent[] = []
  const policy = resolvePolicy(options.policy)
  const keys = options.keys ?? createKeyRing(firstSecret)
  const sender: CodeSender = {
    channel: 'sms',
    send: ({ code, text, ...open }) => {
      messages.push({ ...open, code: code.reveal(), text: text.reveal() })
      return rig.answer()
    },
  }
  const compose = messageComposer(options.message ?? {}, policy)
  const context: FlowContext = {
    policy,
    store: options.store ?? memoryStore(),
    keys,
    delivery: localDelivery([sender], keys, compose, policy.codeLength),
    verifier: null,
    events: {
      emit: (event) => {
        events.push(event)
        return options.events?.emit(event)
      },
    },
    clock: () => rig.now,
    keepsReceipts: options.keepsReceipts ?? false,
    storeTimeoutSeconds: 5,
  }
  const rig: Rig = {
    context,
    messages,
    events,
    now: t0,
    answer: () => Promise.resolve({ status: 'sent' }),
  }
  return rig
}

export const subject = 'user-1'

/** Asks for a code for signing in, as a session without a challenge unless told otherwise. */
export function ask(rig: Rig, parts: Partial<StartRequest> = {}): Promise<StartAnswer> {
  return startChallenge(rig.context, {
    subject,
    purpose: 'sign-in',
    destination: cameroon,
    locale: null,
    ownId: null,
    ...parts,
  })
}

/** Asks for a code that has to go out, and says which challenge it is of. */
export async function begin(rig: Rig, parts: Partial<StartRequest> = {}): Promise<string> {
  const { challengeId, answer } = await ask(rig, parts)
  if (isRefusal(answer) || challengeId === null) throw new Error(`not sent: ${answer.status}`)
  return challengeId
}

type VerifyRequest = Parameters<typeof verifyChallenge>[1]

export function guess(rig: Rig, parts: Partial<VerifyRequest>): ReturnType<typeof verifyChallenge> {
  return verifyChallenge(rig.context, {
    subject,
    purpose: 'sign-in',
    code: lastCode(rig),
    challengeId: null,
    holder: { replacedGrantId: null },
    ...parts,
  })
}

/** The code of the last message. */
export function lastCode(rig: Rig): string {
  return rig.messages.at(-1)?.code ?? ''
}

/** A code of the same length that is wrong. */
export function wrongCode(rig: Rig, nth = 1): string {
  const code = lastCode(rig)
  return String((Number(code) + nth) % 10 ** code.length).padStart(code.length, '0')
}

export async function rowOf(rig: Rig, of = subject): Promise<SubjectState> {
  const row = await rig.context.store.read(of)
  if (row === null) throw new Error('no row')
  return row
}

/** The code of an answer that is a refusal, else its status. */
export function told(answer: ChallengeView | Refusal | { readonly status: 'passed' }): string {
  return isRefusal(answer) ? answer.code : answer.status
}

/** Lets everything that waits for nothing but its turn go on. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A promise that a test settles when it is time. */
export function deferred<T>(): {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
} {
  let resolve: (value: T) => void = () => undefined
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** Rejects as badly written code does: without saying why. */
export function rejectWithNothing(): Promise<never> {
  const { promise, reject } = deferred<never>()
  reject(undefined)
  return promise
}
