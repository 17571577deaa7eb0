/** Finds the factor that a request or a grant means. */

import { deviceMethod } from '../core/devices.js'
import { refusal, type Refusal } from '../core/refusal.js'
import { newSubject, type Grant, type Method, type SubjectState } from '../core/state.js'
import type { PassedView } from '../core/view.js'
import type { Factor } from '../ports/factor.js'
import type { StartAnswer, StartRequest } from '../ports/start.js'
import type { FlowContext } from './context.js'
import { readState } from './transition.js'

/** What is known of a request that has to be met by one factor. */
export interface Choice<User> {
  readonly subject: string
  /** `null` where the caller knows no user: availability is not asked then. */
  readonly user: User | null
  /** The method that the request names. */
  readonly method?: string | undefined
  /** The methods that would do, where not all would. */
  readonly among?: readonly Method[] | undefined
  /** Whether only factors count whose evidence has to be sent first. */
  readonly mustSend?: boolean | undefined
  /** The key of the asking session; `undefined` where the caller has no session. */
  readonly sessionKey: string | null | undefined
}

/** A factor that was found. */
export interface Chosen<User> {
  readonly status: 'chosen'
  readonly factor: Factor<User>
}

/**
 * The factor that a request means: the one it names; else the one whose challenge the session waits for; else the
 * first that the user can pass by, or the last, which then says why not.
 */
export async function chooseFactor<User>(
  context: FlowContext,
  { subject, user, method, among, mustSend = false, sessionKey }: Choice<User>,
): Promise<Chosen<User> | Refusal> {
  const all: readonly Factor<User>[] = context.factors
  const wanted = among === undefined ? all : all.filter((each) => among.includes(each.method))
  const factors = mustSend ? wanted.filter((factor) => factor.start !== undefined) : wanted
  if (method !== undefined) {
    const named = all.find((factor) => factor.method === method)
    return named === undefined ? refusal('malformed_request') : { status: 'chosen', factor: named }
  }
  const [only] = factors
  if (only !== undefined && factors.length === 1) return { status: 'chosen', factor: only }
  const row = rowReader(context, subject)
  if (sessionKey !== null) {
    const state = await row()
    const now = context.clock()
    const running = factors.find((factor) => factor.view?.(state, now, sessionKey))
    if (running !== undefined) return { status: 'chosen', factor: running }
  }
  const available = user === null ? factors : await availableFactors(context, user, row)
  const first = available.find((each) => factors.includes(each))
  const factor = first ?? factors.findLast(({ isBackup }) => isBackup !== true) ?? factors.at(-1)
  return factor === undefined ? refusal('no_challenge') : { status: 'chosen', factor }
}

/** The factor that a person is asked for first, of those that are available. */
export function suggested<User>(available: readonly Factor<User>[]): Factor<User> | undefined {
  return available[0]
}

/** The factors that this user can pass by, the preferred first. */
export async function availableFactors<User>(
  context: FlowContext,
  user: User,
  row: () => Promise<SubjectState>,
): Promise<readonly Factor<User>[]> {
  const factors: readonly Factor<User>[] = context.factors
  const available = await Promise.all(factors.map((factor) => factor.isAvailable(user, row)))
  return factors.filter((_, index) => available[index])
}

/** Reads a user's row at most once, and only if it is asked for. */
export function rowReader(context: FlowContext, subject: string): () => Promise<SubjectState> {
  let reading: Promise<SubjectState> | undefined
  return () => {
    reading ??= readState(context, subject).then(
      (row) => row ?? newSubject(subject, 0, context.clock()),
    )
    return reading
  }
}

/** The factor whose grants name this method; `undefined` where it is not configured here. */
export function factorOf(context: FlowContext, method: Method): Factor<never> | undefined {
  return context.factors.find((factor) => factor.method === method)
}

/** The public facts of a grant. */
export function passedView(context: FlowContext, grant: Grant): PassedView {
  const { method } = grant
  const factor = factorOf(context, method)
  return {
    method,
    amr: ['pwd', ...(factor?.amr ?? [])],
    passedAt: new Date(grant.issuedAt),
    expiresAt: new Date(grant.expiresAt),
    ...(method === deviceMethod ? { aal: 1 as const, phishingResistant: false } : {}),
    ...(factor !== undefined && context.factors.some(({ enrolment }) => enrolment !== undefined)
      ? strengthOf(factor)
      : {}),
  }
}

/** What a pass by this factor is worth. */
function strengthOf({
  amr,
  isPhishingResistant,
}: Factor<never>): Pick<PassedView, 'aal' | 'phishingResistant'> {
  return { aal: amr.includes('mfa') ? 2 : 1, phishingResistant: isPhishingResistant }
}

/** Starts a challenge of the factor. A factor whose evidence the person holds already has none to start. */
export async function startChallenge<User>(
  factor: Factor<User>,
  request: StartRequest<User>,
): Promise<StartAnswer> {
  return (await factor.start?.(request)) ?? refusal('no_challenge')
}
