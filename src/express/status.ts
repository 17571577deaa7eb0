/** The status of a session, as `GET {mount}/` returns it, and the page that shows it. */

import { isWithin } from '../core/grant.js'
import { isLocked, lockedUntil, lockRefusal } from '../core/ledger.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { Method } from '../core/state.js'
import type { ChallengeView } from '../core/view.js'
import { availableFactors, passedView, rowReader } from '../flows/factors.js'
import { messagePage } from '../pages/message-page.js'
import type { PageBody } from '../pages/page.js'
import type { AuthState } from './auth-state.js'
import { chooseFor } from './choose-for.js'
import type { HttpContext } from './context.js'

/** The public status of a session. */
export interface Status {
  readonly authenticated: true
  readonly passed: boolean
  readonly required: boolean
  readonly method: Method | null
  readonly passedAt: Date | null
  readonly expiresAt: Date | null
  /** The methods that this user can pass by. */
  readonly methods: readonly Method[]
  /** The challenge that this session asked for, while it runs. */
  readonly challenge: ChallengeView | null
  readonly locked: boolean
  /** When the lock ends; `null` where there is none, and at the hard stop. */
  readonly lockedUntil: Date | null
}

/** Reads the status of a session. */
export async function statusOfSession(
  context: HttpContext,
  { user, subject, record, grant }: AuthState,
): Promise<Status> {
  const { flow, factors, users } = context
  const readRow = rowReader(flow, subject)
  const [row, available, required] = await Promise.all([
    readRow(),
    availableFactors<Express.User>(flow, user, readRow),
    users.isRequired(user),
  ])
  const now = flow.clock()
  const passed = grant === null ? null : passedView(flow, grant)
  const challengeId = record.challengeId ?? null
  const views = factors.map((factor) => factor.view?.(row, now, challengeId) ?? null)
  return {
    authenticated: true,
    passed: passed !== null,
    required,
    method: passed?.method ?? null,
    passedAt: passed?.passedAt ?? null,
    expiresAt: passed?.expiresAt ?? null,
    methods: available.map(({ method }) => method),
    challenge: views.find((view) => view !== null) ?? null,
    locked: isLocked(row, now),
    lockedUntil: lockedUntil(row, now),
  }
}

/** A page, and what is in the person's way. */
export interface PageAndReason {
  readonly page: PageBody
  readonly refusal: Refusal | null
}

/** The page of the factor that the session is at. */
export async function pageOfSession(
  context: HttpContext,
  state: AuthState,
): Promise<PageAndReason> {
  const { user, subject, record, grant } = state
  const chosen = await chooseFor(context, state)
  if (isRefusal(chosen)) return { page: messagePage, refusal: chosen }
  const row = await rowReader(context.flow, subject)()
  const now = context.flow.clock()
  const { maxAgeSeconds } = record
  const passed =
    grant !== null && (maxAgeSeconds === undefined || isWithin(grant, now, maxAgeSeconds))
  const challengeId = record.challengeId ?? null
  const { page, refusal: reason } = await chosen.factor.page({
    ...{ user, row, now, grant, passed, challengeId },
    returnTo: record.returnTo ?? context.defaultReturnTo,
  })
  const isRunning = chosen.factor.view?.(row, now, challengeId) ?? null
  const isStale = grant !== null && !passed && isRunning === null
  return {
    page,
    refusal: lockRefusal(row, now) ?? reason ?? (isStale ? refusal('second_factor_stale') : null),
  }
}
