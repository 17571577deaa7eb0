/** A user's row in a store, three sessions, a clock and a vendor, with the model of their expected state. */

import assert from 'node:assert/strict'

import { isLocked } from '../../../src/core/ledger.js'
import type { PolicyOptions } from '../../../src/core/policy.js'
import { newId } from '../../../src/core/random.js'
import { isRefusal, type Refusal } from '../../../src/core/refusal.js'
import type { Purpose, SubjectState } from '../../../src/core/state.js'
import { subjectTarget } from '../../../src/core/subject.js'
import type { SendResult } from '../../../src/factors/phone/ports/code-sender.js'
import type { Challenge } from '../../../src/factors/phone/rules/part.js'
import { startChallenge } from '../../../src/factors/phone/start-challenge.js'
import { reset as resetRow } from '../../../src/flows/admin.js'
import { startChallenge as startFactor } from '../../../src/flows/factors.js'
import { endAllGrants, endSession, giveUpChallenge } from '../../../src/flows/grants.js'
import { verify } from '../../../src/flows/verify.js'
import type { SecondFactorEvent } from '../../../src/ports/event-sink.js'
import { phoneFlow, type PhoneFlow } from '../../factors/phone/rules/build.js'
import { t0 } from '../../support/clock.js'
import { cameroon, india } from '../../support/phones.js'
import { phoneOf } from '../../support/rows.js'
import {
  countMessage,
  forgive,
  guess,
  isOver,
  newModel,
  plausible,
  repeats,
  sendVerdict,
  uncountMessage,
  type Model,
  type Verdict,
} from './model.js'

const subject = 'user-1'

export type Delivery = 'sent' | 'maybe_sent' | 'rejected'

export interface Session {
  readonly key: string
  /** The last challenge that it was told of. */
  held: { readonly id: string; readonly purpose: Purpose } | null
  grantId: string | null
}

/** A start whose message the vendor has, and has not answered for. */
interface OnItsWay {
  readonly session: Session
  readonly answer: ReturnType<typeof startChallenge>
  readonly settle: (result: SendResult) => void
  readonly id: string
  readonly purpose: Purpose
  readonly nthMessage: number
  readonly resent: boolean
  /** The state that a message replaces, which returns if the message certainly reached nobody. */
  readonly before: Pick<Model, 'live' | 'messages'>
}

export interface World extends PhoneFlow {
  readonly sessions: Session[]
  /** The events of the present step. */
  readonly events: SecondFactorEvent[]
  /** The answers to its callers. A grant's own facts are left out: they are for the session alone. */
  readonly answers: unknown[]
  readonly onTheirWay: OnItsWay[]
  /** The code of each challenge that was ever sent. */
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

export function openWorld(policy: PolicyOptions): World {
  const events: SecondFactorEvent[] = []
  const phone = phoneFlow(() => world.now, {
    policy,
    events: { emit: (event) => events.push(event) },
    send: ({ code }) =>
      new Promise((settle) => {
        world.handed = { code: code.reveal(), settle }
        world.onHanded()
      }),
  })
  const world: World = {
    ...phone,
    sessions: [newSession(), newSession(), newSession()],
    events,
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
  return { key: newId(), held: null, grantId: null }
}

/** Asks for a code, and leaves its message with the vendor. */
export async function start(world: World, session: Session, asked: Purpose): Promise<void> {
  const { flow, model, now } = world
  const { policy } = flow
  const { key } = session
  // While a session verifies a phone, asking again means that phone; once that is over, it does not.
  const { live: running } = model
  const own = running !== null && running.sessionKey === key && !isOver(running, now, policy)
  const purpose = own && running.purpose === 'enrolment' ? 'enrolment' : asked
  model.messages = plausible(model.messages, now, policy)
  const expected = sendVerdict(model, now, policy)
  const resent = repeats(model, now, policy, key, purpose)
  const before = { live: model.live, messages: model.messages }
  const last = model.live === null ? null : world.codes.get(model.live.id)

  const handed = new Promise<void>((resolve) => (world.onHanded = resolve))
  world.handed = null
  const answer = send(world, asked, key)
  await Promise.race([answer, handed])
  const message = takeHanded(world)
  if (message === null) {
    const refused = await answer
    world.answers.push(refused)
    holdVerdict(refused as Refusal, expected)
    const isShown = own && expected.code !== 'locked_out'
    assert.equal('challenge' in refused, isShown, 'a session is shown its own challenge alone')
    return
  }
  assert.deepEqual(expected, { code: null }, 'no message goes out that the model forbids')
  const row = await storedRow(world)
  const id = (row && phoneOf(row).challenge?.id) ?? ''
  countMessage(model, now, policy)
  let live = model.live
  if (resent && live !== null) {
    assert.deepEqual([id, message.code], [live.id, last], 'a resend carries the same code')
    live.messages += 1
  } else {
    assert.notEqual(message.code, last, 'a new challenge has another code')
    assert(!world.codes.has(id), 'a new challenge has an id of its own')
    endLive(world)
    const expiresAt = now + policy.codeLifetimeSeconds * 1000
    live = { id, sessionKey: key, purpose, issuedAt: now, expiresAt, judged: 0, messages: 1 }
    model.live = live
    world.codes.set(id, message.code)
  }
  const { settle } = message
  const nthMessage = live.messages
  world.onTheirWay.push({ session, answer, settle, id, purpose, nthMessage, resent, before })
}

/** A sign-in starts as the factor that the flows know; an enrolment as the phone's own endpoint does. */
function send(
  { factor, context }: World,
  asked: Purpose,
  sessionKey: string,
): ReturnType<typeof startChallenge> {
  if (asked === 'sign-in') {
    return startFactor(factor, {
      ...{ subject, user: subjectTarget(subject, cameroon), sessionKey },
      ...{ fields: null, locale: null, clientIp: undefined },
    })
  }
  return startChallenge(context, {
    ...{ subject, purpose: asked, destination: india, locale: null, sessionKey },
  })
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
  const answer = await start.answer
  world.answers.push(answer)
  const code = { sent: undefined, maybe_sent: 'delivery_failed', rejected: 'delivery_unavailable' }
  assert.equal(isRefusal(answer) ? answer.code : undefined, code[result])
  if (result !== 'rejected') start.session.held = { id: start.id, purpose: start.purpose }
  const { live } = world.model
  if (result !== 'rejected' || live?.id !== start.id || live.messages !== start.nthMessage) return
  uncountMessage(world.model, start.before.messages, world.now, world.flow.policy)
  if (live.messages > 1) {
    live.messages -= 1
    return
  }
  // Nobody has seen the code, so that the person still has the one before it.
  endLive(world)
  const { live: earlier } = start.before
  world.model.live = earlier
  if (earlier !== null) world.over.delete(earlier.id)
}

/** Submits a code, from a session or, where `session` is `null`, from a caller without one. */
export async function submit(
  world: World,
  session: Session | null,
  purpose: Purpose,
  code: string,
): Promise<void> {
  const { flow, factor, model, now } = world
  const sessionKey = session?.key
  const aimedAt = model.live?.id ?? ''
  const isRight = code === world.codes.get(aimedAt)
  const expected = guess(model, now, flow.policy, { sessionKey, purpose }, isRight)
  const holder = session === null ? null : { replacedGrantId: session.grantId }
  const attempt = { evidence: code, purpose, sessionKey }
  const outcome = await verify(flow, { ...attempt, subject, factor, holder })
  if (isRefusal(outcome)) {
    world.answers.push(outcome)
    holdVerdict(outcome, expected)
    if (outcome.code === 'code_incorrect') countJudged(world, aimedAt)
    return
  }
  assert.deepEqual(expected, { code: null }, 'no code passes that the model refuses')
  world.answers.push(outcome.status)
  const proof = outcome.proof as Challenge
  assert(!world.over.has(proof.id), 'no code passes that was used or replaced')
  assert.equal(proof.destination, purpose === 'sign-in' ? cameroon : india)
  countJudged(world, aimedAt)
  if (purpose === 'enrolment') {
    model.grants = []
    model.epoch += 1
  }
  if (session !== null) {
    const kept = model.grants.filter(
      ({ id, expiresAt }) => id !== session.grantId && expiresAt > now,
    )
    const expiresAt = now + flow.policy.grantLifetimeSeconds * 1000
    model.grants = [...kept, { id: outcome.grant.id, expiresAt }].slice(-20)
    session.grantId = outcome.grant.id
  }
  const answered = model.live?.messages ?? 0
  endLive(world)
  forgive(model, answered, flow.policy)
}

export async function giveUp(world: World, session: Session): Promise<void> {
  const { key } = session
  if (world.model.live?.sessionKey === key) endLive(world)
  await giveUpChallenge(world.flow, subject, key)
}

export async function logOut(world: World, session: Session): Promise<void> {
  const { key, grantId } = session
  if (world.model.live?.sessionKey === key) endLive(world)
  world.model.grants = world.model.grants.filter((grant) => grant.id !== grantId)
  const ends = { grantId: grantId ?? undefined, sessionKey: key }
  await endSession(world.flow, subject, ends, 'logout')
}

export async function revoke(world: World): Promise<void> {
  endLive(world)
  world.model.grants = []
  world.model.epoch += 1
  await endAllGrants(world.flow, subject)
}

export async function reset(world: World): Promise<void> {
  endLive(world)
  const { grants, epoch } = world.model
  world.model = { ...newModel(), grants, epoch }
  await resetRow(world.flow, subject, 'all')
}

export function storedRow({ flow }: World): Promise<SubjectState | null> {
  return flow.store.read(subject)
}

/** The challenges whose right code would still pass, of all there ever were. */
export function passable({ codes, factor, now }: World, row: SubjectState): string[] {
  if (isLocked(row, now)) return []
  const purposes = ['sign-in', 'enrolment'] as const
  const passes = ([, evidence]: readonly [string, string]) =>
    purposes.some((purpose) => {
      const attempt = { evidence, purpose, sessionKey: undefined }
      return factor.judge(row, now, attempt).status === 'right'
    })
  return [...codes].filter(passes).map(([id]) => id)
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
  const answered = {
    code: refusal.code,
    ...(refusal.retryAt && { retryAt: refusal.retryAt.getTime() }),
    ...(refusal.attemptsLeft !== undefined && { attemptsLeft: refusal.attemptsLeft }),
  }
  assert.deepEqual(answered, verdict)
  assert.equal(refusal.retryAfterSeconds === undefined, refusal.retryAt === undefined)
}
