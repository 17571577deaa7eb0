/** A user's row in a store, three sessions, a clock and a vendor, beside the model of what must become of them. */

import assert from 'node:assert/strict'

import { findJudgeable } from '../../../src/factors/phone/rules/challenge.js'
import { createKeyRing } from '../../../src/factors/phone/rules/code.js'
import { messageComposer } from '../../../src/factors/phone/message/message.js'
import { resolvePolicy, type PolicyOptions } from '../../../src/core/policy.js'
import { isRefusal, type Refusal } from '../../../src/core/refusal.js'
import type { Purpose, SubjectState } from '../../../src/core/state.js'
import type { FlowContext } from '../../../src/flows/context.js'
import { localDelivery } from '../../../src/factors/phone/delivery.js'
import { endAllGrants, endChallenge, endGrant } from '../../../src/flows/grants.js'
import { clear } from '../../../src/flows/admin.js'
import { startChallenge, type StartAnswer } from '../../../src/factors/phone/start-challenge.js'
import { verifyChallenge } from '../../../src/flows/verify.js'
import { memoryStore } from '../../../src/adapters/memory/memory-store.js'
import type { CodeSender, SendResult } from '../../../src/factors/phone/ports/code-sender.js'
import type { SecondFactorEvent } from '../../../src/ports/event-sink.js'
import { cameroon, india, t0 } from '../build.js'
import {
  countMessage,
  forgive,
  guess,
  isOver,
  newModel,
  repeats,
  sendVerdict,
  uncountMessage,
  type Model,
  type Verdict,
} from './model.js'

const subject = 'user-1'
const destinations = { 'sign-in': cameroon, 'enrolment': india } as const

export type Delivery = 'sent' | 'maybe_sent' | 'rejected'

export interface Session {
  held: { readonly id: string; readonly purpose: Purpose } | null
  grantId: string | null
}

/** A start whose message the vendor has, and has not answered for. */
interface OnItsWay {
  readonly session: Session
  readonly answer: Promise<StartAnswer>
  readonly settle: (result: SendResult) => void
  readonly id: string
  readonly purpose: Purpose
  readonly nthMessage: number
  readonly resent: boolean
  readonly before: Model['messages']
}

export interface World {
  readonly context: FlowContext
  readonly sessions: Session[]
  /** What the sink heard during the present step. */
  readonly events: SecondFactorEvent[]
  /** What callers were told during it. A grant's own facts are left out: they are for the session alone. */
  readonly answers: unknown[]
  readonly onTheirWay: OnItsWay[]
  /** The code that each challenge ever sent has. */
  readonly codes: Map<string, string>
  /** Challenges that were used, replaced or ended. */
  readonly over: Set<string>
  readonly judged: Map<string, number>
  model: Model
  now: number
  /** The message that the vendor has just been handed. */
  handed: { readonly code: string; readonly settle: (result: SendResult) => void } | null
  onHanded: () => void
}

export function openWorld(options: PolicyOptions): World {
  const policy = resolvePolicy(options)
  const keys = createKeyRing('a-secret-of-the-property-tests-0123456789')
  const sender: CodeSender = {
    channel: 'sms',
    send: ({ code }) =>
      new Promise((settle) => {
        world.handed = { code: code.reveal(), settle }
        world.onHanded()
      }),
  }
  const context: FlowContext = {
    policy,
    store: memoryStore(),
    keys,
    delivery: localDelivery([sender], keys, messageComposer({}, policy), policy.codeLength),
    verifier: null,
    clock: () => world.now,
    keepsReceipts: false,
    storeTimeoutSeconds: 5,
    events: { emit: (event) => world.events.push(event) },
  }
  const world: World = {
    context,
    sessions: [newSession(), newSession(), newSession()],
    events: [],
    answers: [],
    onTheirWay: [],
    codes: new Map(),
    over: new Set(),
    judged: new Map(),
    model: newModel(),
    now: t0,
    handed: null,
    onHanded: () => undefined,
  }
  return world
}

export function newSession(): Session {
  return { held: null, grantId: null }
}

/** Asks for a code, and leaves its message with the vendor. */
export async function start(world: World, session: Session, asked: Purpose): Promise<void> {
  const { context, model, now } = world
  const held = session.held?.id ?? null
  // While a session confirms a number, asking again means that number; once that is over, it does not.
  const { live: running } = model
  const runs = running?.id === held && !isOver(running, now, context.policy)
  const purpose = runs ? confirmed(running, asked) : asked
  const expected = sendVerdict(model, now, context.policy)
  const resent = repeats(model, now, context.policy, held, purpose)
  const before = model.messages
  const last = model.live === null ? null : world.codes.get(model.live.id)

  const handed = new Promise<void>((resolve) => (world.onHanded = resolve))
  world.handed = null
  const answer = startChallenge(context, {
    subject,
    purpose: asked,
    destination: destinations[asked],
    locale: null,
    ownId: held,
  })
  await Promise.race([answer, handed])
  const message = takeHanded(world)
  if (message === null) {
    const refused = await answer
    world.answers.push(refused.answer)
    assert.equal(refused.challengeId, null)
    holdVerdict(refused.answer as Refusal, expected)
    return
  }
  assert.deepEqual(expected, { code: null }, 'no message goes out that the model forbids')
  const id = (await rowOf(world))?.challenge?.id ?? ''
  countMessage(model, now, context.policy)
  let live = model.live
  if (resent && live !== null) {
    assert.deepEqual([id, message.code], [live.id, last], 'a resend carries the same code')
    live.messages += 1
  } else {
    assert.notEqual(message.code, last, 'a new challenge has another code')
    assert(!world.codes.has(id), 'a new challenge has an id of its own')
    endLive(world)
    const expiresAt = now + context.policy.codeLifetimeSeconds * 1000
    live = { id, purpose, issuedAt: now, expiresAt, judged: 0, messages: 1 }
    model.live = live
    world.codes.set(id, message.code)
  }
  const { settle } = message
  const nthMessage = live.messages
  world.onTheirWay.push({ session, answer, settle, id, purpose, nthMessage, resent, before })
}

/** The vendor answers for the message that has waited longest, or last. */
export async function deliver(
  world: World,
  result: Delivery,
  which: 'first' | 'last' = 'first',
): Promise<void> {
  const start = which === 'first' ? world.onTheirWay.shift() : world.onTheirWay.pop()
  if (start === undefined) return
  start.settle(
    result === 'rejected' ? { status: result, reason: 'unavailable' } : { status: result },
  )
  const { challengeId, answer } = await start.answer
  world.answers.push(answer)
  const code = { sent: undefined, maybe_sent: 'delivery_failed', rejected: 'delivery_unavailable' }
  assert.equal(isRefusal(answer) ? answer.code : undefined, code[result])
  assert.equal(challengeId, result === 'rejected' && !start.resent ? null : start.id)
  if (challengeId !== null) start.session.held = { id: challengeId, purpose: start.purpose }
  const { live } = world.model
  if (result !== 'rejected' || live?.id !== start.id || live.messages !== start.nthMessage) return
  uncountMessage(world.model, start.before, world.now, world.context.policy)
  if (live.messages === 1) endLive(world)
  else live.messages -= 1
}

/** Submits a code, from a session or, where `session` is `null`, from a caller without one. */
export async function submit(
  world: World,
  session: Session | null,
  purpose: Purpose,
  code: string,
): Promise<void> {
  const { context, model, now } = world
  const id = session === null ? undefined : (session.held?.id ?? null)
  const aimedAt = model.live?.id ?? ''
  const isRight = code === world.codes.get(aimedAt)
  const expected = guess(model, now, context.policy, { id, purpose }, isRight)
  const holder = session === null ? null : { replacedGrantId: session.grantId }
  const request = { subject, purpose, code, challengeId: id, holder }
  const outcome = await verifyChallenge(context, request)
  if (isRefusal(outcome)) {
    world.answers.push(outcome)
    holdVerdict(outcome, expected)
    if (outcome.code === 'code_incorrect') countJudged(world, aimedAt)
    return
  }
  assert.deepEqual(expected, { code: null }, 'no code passes that the model refuses')
  assert(!world.over.has(outcome.challenge.id), 'no code passes that was used or replaced')
  countJudged(world, aimedAt)
  if (purpose === 'enrolment') model.grants = []
  if (session !== null) {
    const kept = model.grants.filter(
      ({ id, expiresAt }) => id !== session.grantId && expiresAt > now,
    )
    const expiresAt = now + context.policy.grantLifetimeSeconds * 1000
    model.grants = [...kept, { id: outcome.grant.id, expiresAt }].slice(-20)
    session.grantId = outcome.grant.id
  }
  endLive(world)
  forgive(model)
}

export async function giveUp(world: World, session: Session): Promise<void> {
  const id = session.held?.id ?? null
  if (id !== null && world.model.live?.id === id) endLive(world)
  await endChallenge(world.context, subject, id)
}

export async function logOut(world: World, session: Session): Promise<void> {
  await giveUp(world, session)
  const id = session.grantId
  if (id === null) return
  world.model.grants = world.model.grants.filter((grant) => grant.id !== id)
  await endGrant(world.context, subject, id, 'logout')
}

export async function revoke(world: World): Promise<void> {
  endLive(world)
  world.model.grants = []
  await endAllGrants(world.context, subject)
}

export async function reset(world: World): Promise<void> {
  endLive(world)
  world.model = { ...newModel(), grants: world.model.grants }
  await clear(world.context, subject, 'all')
}

export function rowOf(world: World): Promise<SubjectState | null> {
  return world.context.store.read(subject)
}

/** The challenges that a right code would still pass, of all there ever were. */
export function passable(world: World, row: SubjectState): string[] {
  const purposes = ['sign-in', 'enrolment'] as const
  return [...world.codes.keys()].filter((challengeId) =>
    purposes.some(
      (purpose) =>
        !('status' in findJudgeable(row, world.now, world.context.policy, { purpose, challengeId })),
    ),
  )
}

function confirmed(live: { readonly purpose: Purpose }, asked: Purpose): Purpose {
  return live.purpose === 'enrolment' ? live.purpose : asked
}

function endLive(world: World): void {
  if (world.model.live !== null) world.over.add(world.model.live.id)
  world.model.live = null
}

function takeHanded(world: World): World['handed'] {
  const { handed } = world
  world.handed = null
  return handed
}

function countJudged(world: World, id: string): void {
  world.judged.set(id, (world.judged.get(id) ?? 0) + 1)
}

function holdVerdict(refusal: Refusal, verdict: Verdict): void {
  const told = {
    code: refusal.code,
    ...(refusal.retryAt && { retryAt: refusal.retryAt.getTime() }),
    ...(refusal.attemptsLeft !== undefined && { attemptsLeft: refusal.attemptsLeft }),
  }
  assert.deepEqual(told, verdict)
  assert.equal(refusal.retryAfterSeconds === undefined, refusal.retryAt === undefined)
}
