/** Decides between three cases: ask for a factor, require enrolment, or let the user through. */

import { enrolmentOf, graceEnd, withEnrolment } from '../core/enrolment.js'
import { refusal, type Refusal } from '../core/refusal.js'
import type { Instant, SubjectState } from '../core/state.js'
import { areFactorsLost } from './anchor.js'
import { isAnyHeld, type HeldContext } from './held.js'
import { transition } from './transition.js'

/** The policy for enrolment: the users who must enrol a factor, and the grace period. */
export interface EnrolmentPolicy<User> {
  /** Resolves to true if this user must have a factor. */
  isRequired(user: User): Promise<boolean>
  /** Seconds that a user may go without one, from the first login that required it. */
  readonly graceSeconds: number
}

/** The standing of a user. */
export interface Standing {
  readonly status:
    /** The user must pass a second factor. */
    | 'asked'
    /** The user has no factor and needs none now. */
    | 'open'
    /** The user has no factor and must enrol one before anything else. */
    | 'due'
  /** True if a factor is required, now or after the grace period. */
  readonly required: boolean
  /** When the grace period ends; `null` outside of one. */
  readonly by: Instant | null
}

/** The dependencies of `standingOf`. */
export interface StandingContext<User> extends HeldContext<User> {
  /** `null` if users cannot enrol factors themselves. Then `users.isRequired` alone decides. */
  readonly enrolment: EnrolmentPolicy<User> | null
}

/**
 * Determines a user's standing. A user with a factor must pass it even if none is required. A user whose factors the
 * store has lost is refused.
 */
export async function standingOf<User>(
  context: StandingContext<User>,
  user: User,
  row: () => Promise<SubjectState>,
): Promise<Standing | Refusal> {
  const { users, enrolment, flow } = context
  const isRequired = await users.isRequired(user)
  if (enrolment === null) return { ...(isRequired ? asked : open), required: isRequired }
  const required = isRequired && (await enrolment.isRequired(user))
  const state = await row()
  if (await areFactorsLost(context, user, state)) return refusal('factors_lost')
  if (enrolmentOf(state).isClosed || (await isAnyHeld(context, user, state))) {
    return { ...asked, required }
  }
  if (!required) return { ...open, required }
  const now = flow.clock()
  const by = graceEnd(await dueSince(context, state), enrolment.graceSeconds)
  return by !== null && now < by ? { ...open, required, by } : { status: 'due', required, by }
}

const asked = { status: 'asked', by: null } as const
const open = { status: 'open', by: null } as const

/** Records in the row when enrolment first became due, unless it is there already, and returns the history. */
async function dueSince<User>({ flow }: HeldContext<User>, row: SubjectState) {
  const known = enrolmentOf(row)
  if (known.dueSince !== null) return known
  const { state } = await transition(flow, row.subject, (current, now) => ({
    state:
      enrolmentOf(current).dueSince === null ? withEnrolment(current, { dueSince: now }) : current,
    outcome: null,
  }))
  return enrolmentOf(state)
}
