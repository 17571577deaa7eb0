/** Finds the factor that a request or a grant means. */

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
  /** The challenge that the session holds; `undefined` where the caller has no session. */
  readonly challengeId: string | null | undefined
}

/** A factor that was found. */
export interface Chosen<User> {
  readonly status: 'chosen'
  readonly factor: Factor<User>
}

/**
 * The factor that a request means: the one it names; else the one whose challenge the session holds; else the
 * first that the user can pass by, or the last, which then says why not.
 */
export async function chooseFactor<User>(
  context: FlowContext,
  { subject, user, method, challengeId }: Choice<User>,
): Promise<Chosen<User> | Refusal> {
  const factors: readonly Factor<User>[] = context.factors
  if (method !== undefined) {
    const named = factors.find((factor) => factor.method === method)
    return named === undefined ? refusal('malformed_request') : { status: 'chosen', factor: named }
  }
  const [only] = factors
  if (only !== undefined && factors.length === 1) return { status: 'chosen', factor: only }
  const row = rowReader(context, subject)
  if (challengeId !== null) {
    const state = await row()
    const now = context.clock()
    const running = factors.find((factor) => factor.view?.(state, now, challengeId))
    if (running !== undefined) return { status: 'chosen', factor: running }
  }
  const [first] = user === null ? factors : await availableFactors(context, user, row)
  const factor = first ?? factors.at(-1)
  return factor === undefined ? refusal('no_challenge') : { status: 'chosen', factor }
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
  return {
    method,
    amr: ['pwd', ...(factorOf(context, method)?.amr ?? [])],
    passedAt: new Date(grant.issuedAt),
    expiresAt: new Date(grant.expiresAt),
  }
}

/** Starts a challenge of the factor. A factor whose evidence the person holds already has none to start. */
export async function startChallenge<User>(
  factor: Factor<User>,
  request: StartRequest<User>,
): Promise<StartAnswer> {
  return (await factor.start?.(request)) ?? { challengeId: null, answer: refusal('no_challenge') }
}
