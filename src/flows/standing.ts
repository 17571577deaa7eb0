/** Decides between three cases: ask for a factor, require enrolment, or let the user through. */

import { enrolmentOf, graceEnd, withEnrolment } from '../core/enrolment.js'
import { refusal, type Refusal } from '../core/refusal.js'
import type { Instant, SubjectState } from '../core/state.js'
import { areFactorsLost } from './anchor.js'
import { isAnyHeld, type HeldContext } from './held.js'
import { transition } from './transition.js'

/** Who has to enrol a factor, and by when. */
export interface EnrolmentPolicy<User> {
  /** Whether this user has to hold one. */
  isRequired(user: User): Promise<boolean>
  /** How long a user may go on without one, from the first login that asked for it. */
  readonly graceSeconds: number
}

/** The case that applies to a user. */
export interface Standing {
  readonly status:
    /** A second factor is asked for. */
    | 'asked'
    /** None is held, and none is needed now. */
    | 'open'
    /** None is held, and one has to be enrolled before anything else. */
    | 'due'
  /** Whether a factor is required, now or later. */
  readonly required: boolean
  /** Until when one has to be enrolled, where there is time. */
  readonly by: Instant | null
}

/** What the standing of a user depends on. */
export interface StandingContext<User> extends HeldContext<User> {
  /** `null` where no factor is enrolled by people themselves: then `users.isRequired` alone decides. */
  readonly enrolment: EnrolmentPolicy<User> | null
}

/**
 * Reads where a user stands. Whoever holds a factor is asked, even where none is required; whoever lost theirs
 * with the row is refused.
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

/** What the row remembers, from now on with the instant since when a factor has been due. */
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
