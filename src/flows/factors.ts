/** Finds the factor for a request or a grant. */

import { deviceMethod } from '../core/devices.js'
import { refusal, type Refusal } from '../core/refusal.js'
import type { Grant, Method, SubjectState } from '../core/state.js'
import type { PassedView } from '../core/view.js'
import type { Factor } from '../ports/factor.js'
import type { StartAnswer, StartRequest } from '../ports/start.js'
import type { FlowContext } from './context.js'
import { rowReader, type RowReader } from './row-reader.js'

/** The criteria for choosing a factor. */
export interface Choice<User> {
  readonly subject: string
  /** `null` if the caller has no user. Every factor then counts as available. */
  readonly user: User | null
  /** The method in the request. */
  readonly method?: string | undefined
  /** The accepted methods; all if absent. */
  readonly among?: readonly Method[] | undefined
  /** True to choose only among factors that start a challenge. */
  readonly mustSend?: boolean | undefined
  /** The requesting session's key; `undefined` if the caller has no session. */
  readonly sessionKey: string | null | undefined
  /** The reader of the row, if the caller has one. */
  readonly row?: RowReader | undefined
}

/** The chosen factor. */
export interface Chosen<User> {
  readonly status: 'chosen'
  readonly factor: Factor<User>
  /** The row, if it had to be read for the choice. */
  readonly row: SubjectState | null
}

/**
 * Chooses the factor for a request: the one it names, else the one with a running challenge of the session, else the
 * first that the user can pass by. If there is none, returns the last one that is not a backup, whose refusal will say
 * why the user cannot pass.
 */
export async function chooseFactor<User>(
  context: FlowContext,
  choice: Choice<User>,
): Promise<Chosen<User> | Refusal> {
  const { subject, user, method, among, mustSend = false, sessionKey } = choice
  const { row = rowReader(context, subject) } = choice
  const chosen = (factor: Factor<User>): Chosen<User> => {
    return { status: 'chosen', factor, row: row.stored() }
  }
  const all: readonly Factor<User>[] = context.factors
  const wanted = among === undefined ? all : all.filter((each) => among.includes(each.method))
  const factors = mustSend ? wanted.filter((factor) => factor.start !== undefined) : wanted
  if (method !== undefined) {
    const named = all.find((factor) => factor.method === method)
    return named === undefined ? refusal('malformed_request') : chosen(named)
  }
  const [only] = factors
  if (only !== undefined && factors.length === 1) return chosen(only)
  if (sessionKey !== null) {
    const state = await row()
    const now = context.clock()
    const running = factors.find((factor) => factor.view?.(state, now, sessionKey))
    if (running !== undefined) return chosen(running)
  }
  const available = user === null ? factors : await availableFactors(context, user, row)
  const first = available.find((each) => factors.includes(each))
  const factor = first ?? factors.findLast(({ isBackup }) => isBackup !== true) ?? factors.at(-1)
  return factor === undefined ? refusal('no_challenge') : chosen(factor)
}

/** The factor to ask for first, of the available ones. */
export function suggested<User>(available: readonly Factor<User>[]): Factor<User> | undefined {
  return available[0]
}

/** The factors that this user can pass by, preferred first. */
export async function availableFactors<User>(
  context: FlowContext,
  user: User,
  row: () => Promise<SubjectState>,
): Promise<readonly Factor<User>[]> {
  const factors: readonly Factor<User>[] = context.factors
  const available = await Promise.all(factors.map((factor) => factor.isAvailable(user, row)))
  return factors.filter((_, index) => available[index])
}

/** The factor with this method; `undefined` if it is not configured. */
export function factorOf(context: FlowContext, method: Method): Factor<never> | undefined {
  return context.factors.find((factor) => factor.method === method)
}

/** The public view of a grant. */
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

/** The strength of a pass by this factor. */
function strengthOf({
  amr,
  isPhishingResistant,
}: Factor<never>): Pick<PassedView, 'aal' | 'phishingResistant'> {
  return { aal: amr.includes('mfa') ? 2 : 1, phishingResistant: isPhishingResistant }
}

/** Starts a challenge of the factor. Refuses if the factor sends nothing, and so has none to start. */
export async function startChallenge<User>(
  factor: Factor<User>,
  request: StartRequest<User>,
): Promise<StartAnswer> {
  return (await factor.start?.(request)) ?? refusal('no_challenge')
}
