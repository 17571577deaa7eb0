/** The status of a session, as `GET {mount}/` returns it. */

import type { Request } from 'express'

import { isLocked, lockedUntil } from '../core/ledger.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import type { Method } from '../core/state.js'
import type { ChallengeView } from '../core/view.js'
import { availableFactors, passedView, suggested } from '../flows/factors.js'
import { heldKinds } from '../flows/held.js'
import { rowReader } from '../flows/row-reader.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { standingOfUser } from './waived.js'

/** The public status of a session. The optional fields are absent if people cannot enrol factors themselves. */
export interface Status {
  readonly authenticated: true
  readonly passed: boolean
  readonly required: boolean
  readonly method: Method | null
  readonly passedAt: Date | null
  readonly expiresAt: Date | null
  /** The methods that this user can pass by. */
  readonly methods: readonly Method[]
  /** The method that a person is asked for first; `null` if there is none. */
  readonly suggested?: Method | null
  /** The authenticator assurance level of this session (NIST SP 800-63B-4), 2 at most. */
  readonly aal?: 1 | 2
  /** The factors that this user has to enrol, and those already held. */
  readonly enrolment?: EnrolmentStatus
  /** The challenge of this session while it runs. */
  readonly challenge: ChallengeView | null
  readonly locked: boolean
  /** The end of the lock; `null` if there is none, and at the hard stop. */
  readonly lockedUntil: Date | null
}

/** The factors that a user has to enrol, and those already held. */
export interface EnrolmentStatus {
  /** True if this user has to hold a factor. */
  readonly required: boolean
  /** The deadline to enrol one, during the grace period of a user who holds none; otherwise `null`. */
  readonly by: Date | null
  /** The kinds of factors that are held, without backups. */
  readonly held: readonly string[]
}

/** Reads the status of a session. */
export async function statusOfSession(
  context: HttpContext,
  req: Request,
  { user, subject, record, grant }: AuthState,
): Promise<Status | Refusal> {
  const { flow, factors } = context
  const readRow = rowReader(flow, subject)
  const [row, available, standing] = await Promise.all([
    readRow(),
    availableFactors<Express.User>(flow, user, readRow),
    standingOfUser(context, req, user, readRow),
  ])
  if (isRefusal(standing)) return standing
  const { required, by } = standing
  const now = flow.clock()
  const passed = grant === null ? null : passedView(flow, grant)
  const sessionKey = record.key ?? null
  const views = factors.map((factor) => factor.view?.(row, now, sessionKey) ?? null)
  return {
    authenticated: true,
    passed: passed !== null,
    required: required || standing.status === 'asked',
    method: passed?.method ?? null,
    passedAt: passed?.passedAt ?? null,
    expiresAt: passed?.expiresAt ?? null,
    methods: available.map(({ method }) => method),
    ...(context.enrolment === null
      ? {}
      : {
          suggested: suggested(available)?.method ?? null,
          aal: passed?.aal ?? 1,
          enrolment: {
            required,
            by: by === null ? null : new Date(by),
            held: await heldKinds(context, user, row),
          },
        }),
    ...factors.reduce((facts, each) => ({ ...facts, ...each.facts?.(row, now) }), {}),
    challenge: views.find((view) => view !== null) ?? null,
    locked: isLocked(row, now),
    lockedUntil: lockedUntil(row, now),
  }
}
