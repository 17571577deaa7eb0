/**
 * The flows with the phone as their factor, a memory store, a clock that tests set, and a sender that records its
 * messages.
 */

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { createKeyRing } from '../../src/core/keys.js'
import { resolvePolicy, type PolicyOptions } from '../../src/core/policy.js'
import { newId } from '../../src/core/random.js'
import { isRefusal, type Refusal } from '../../src/core/refusal.js'
import type { PhoneContext } from '../../src/factors/phone/context.js'
import type { LimitsOptions } from '../../src/factors/phone/limits/options.js'
import type { MessageOptions } from '../../src/factors/phone/message/message.js'
import type { PhoneFactorOptions } from '../../src/factors/phone/options.js'
import { phoneFactor } from '../../src/factors/phone/phone-factor.js'
import type { CodeSender, SendResult } from '../../src/factors/phone/ports/code-sender.js'
import type { HostedVerifier } from '../../src/factors/phone/ports/hosted-verifier.js'
import type { ReceiptSource } from '../../src/factors/phone/ports/receipt-source.js'
import type { PhonePart } from '../../src/factors/phone/rules/part.js'
import { startChallenge, type SendRequest } from '../../src/factors/phone/start-challenge.js'
import type { FlowContext } from '../../src/flows/context.js'
import { toolsOf } from '../../src/flows/tools.js'
import { verify, type Success, type VerifyRequest } from '../../src/flows/verify.js'
import type { EventSink, SecondFactorEvent } from '../../src/ports/event-sink.js'
import type { Factor } from '../../src/ports/factor.js'
import type { StartAnswer } from '../../src/ports/start.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { t0 } from '../support/clock.js'
import { cameroon } from '../support/phones.js'
import { phoneOf, rowOf } from '../support/rows.js'

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
  /** Digits of a code where a test needs fewer than any policy allows. */
  readonly codeLength?: number
  readonly store?: StateStore
  readonly secret?: string | readonly string[]
  readonly events?: EventSink
  readonly message?: MessageOptions
  readonly limits?: LimitsOptions
  readonly receipts?: readonly ReceiptSource[]
  /** Makes and judges the codes in place of a sender. */
  readonly verifier?: HostedVerifier
  /** Callbacks beside `id`; a user is the subject's string, and has a phone in Cameroon. */
  readonly users?: Partial<PhoneFactorOptions<string>['users']>
}

export interface Rig {
  readonly context: FlowContext
  readonly store: StateStore
  readonly factor: Factor<string>
  readonly phone: PhoneContext<string>
  readonly messages: readonly SentMessage[]
  readonly events: readonly SecondFactorEvent[]
  /** Milliseconds since the epoch; a test sets it. */
  now: number
  /** The sender's result from now on. */
  answer: () => Promise<SendResult>
}

export function openRig(options: RigOptions = {}): Rig {
  const { store = memoryStore(), secret = firstSecret, message, receipts, verifier } = options
  const messages: SentMessage[] = []
  const events: SecondFactorEvent[] = []
  const limits = resolvePolicy(options.policy)
  const sender: CodeSender = {
    channel: 'sms',
    send: ({ code, text, ...open }) => {
      messages.push({ ...open, code: code.reveal(), text: text.reveal() })
      return rig.answer()
    },
  }
  const factors: Factor<never>[] = []
  const context: FlowContext = {
    policy: { ...limits, codeLength: options.codeLength ?? limits.codeLength },
    store,
    factors,
    events: {
      emit: (event) => {
        events.push(event)
        return options.events?.emit(event)
      },
    },
    clock: () => rig.now,
    keys: () => createKeyRing(secret),
    storeTimeoutSeconds: 5,
  }
  const { factor, context: phone } = phoneFactor<string>(
    {
      ...(verifier === undefined ? { sender } : { verifier }),
      ...{ message, receipts, limits: options.limits },
      users: { id: (user) => user, phone: () => cameroon, ...options.users },
    },
    toolsOf(context, { appName: '' }),
  )
  factors.push(factor)
  const rig: Rig = {
    ...{ context, store, factor, phone, messages, events },
    now: t0,
    answer: () => Promise.resolve({ status: 'sent' }),
  }
  return rig
}

export const subject = 'user-1'

/** A session, and the outcome of what it has asked for. */
export interface Asked {
  readonly sessionKey: string
  readonly answer: StartAnswer
}

/** Asks for a code to sign in with, as a session of its own unless `parts` say otherwise. */
export async function ask(rig: Rig, parts: Partial<SendRequest> = {}): Promise<Asked> {
  const sessionKey = newId()
  const answer = await startChallenge(rig.phone, {
    subject,
    purpose: 'sign-in',
    destination: cameroon,
    locale: null,
    sessionKey,
    ...parts,
  })
  return { sessionKey: parts.sessionKey ?? sessionKey, answer }
}

/** Asks for a code that has to go out, and returns the key of the session that asked. */
export async function begin(rig: Rig, parts: Partial<SendRequest> = {}): Promise<string> {
  const { sessionKey, answer } = await ask(rig, parts)
  if (isRefusal(answer)) throw new Error(`not sent: ${answer.code}`)
  return sessionKey
}

/** The id of the challenge that a subject's row holds. */
export async function challengeIdOf(rig: Rig, of = subject): Promise<string | undefined> {
  return (await phonePartOf(rig, of)).challenge?.id
}

/** Judges a code: the last one sent unless `parts` say otherwise. */
export function guess(
  rig: Rig,
  { code = lastCode(rig), ...parts }: Partial<VerifyRequest> & { readonly code?: string },
): Promise<Success | Refusal> {
  return verify(rig.context, {
    subject,
    factor: rig.factor,
    evidence: code,
    purpose: 'sign-in',
    sessionKey: null,
    holder: { replacedGrantId: null },
    ...parts,
  })
}

/** The code of the last message. */
export function lastCode(rig: Rig): string {
  return rig.messages.at(-1)?.code ?? ''
}

/** The phone's part of a subject's row. */
export async function phonePartOf(rig: Rig, of = subject): Promise<PhonePart> {
  return phoneOf(await rowOf(rig.store, of))
}

/** Lets everything go on that waits for nothing but its turn. */
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

/** Rejects as badly written code does: without a reason. */
export function rejectWithNothing(): Promise<never> {
  const { promise, reject } = deferred<never>()
  reject(undefined)
  return promise
}
