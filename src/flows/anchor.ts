/** Keeps `users.hasFactors` in step with the row, so that losing the row does not remove the second factor. */

import { enrolmentOf } from '../core/enrolment.js'
import { ConfigurationError, DirectoryUnavailableError } from '../core/errors.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import type { SubjectState } from '../core/state.js'
import type { StateStore } from '../ports/state-store.js'
import { emit } from './context.js'
import { isHeldInRow, type HeldContext } from './held.js'
import { readState } from './transition.js'

/**
 * Resolves to true if the row has no factor but `users.hasFactors` says that the user has some: the store lost the row,
 * or was restored from a backup.
 */
export async function areFactorsLost<User>(
  { flow, users }: HeldContext<User>,
  user: User,
  row: SubjectState,
): Promise<boolean> {
  if (isHeldInRow(flow, row) || enrolmentOf(row).isClosed) return false
  const isLost = await users.hasFactors(user)
  if (isLost) emit(flow, { type: 'factors_lost', subject: row.subject })
  return isLost
}

/** An enrolment for which `setHasFactors(user, true)` was called, before the first write. */
export interface Anchored {
  /**
   * Settles like the enrolment. If nothing was written, undoes the call of `setHasFactors`. After a fault of the
   * store it is unknown if the write happened, so the account stays closed until an operator resets it.
   */
  unless<Outcome>(enrolling: Promise<Outcome | Refusal>): Promise<Outcome | Refusal>
}

/** Calls `setHasFactors(user, true)` before the user's first factor is written. */
export async function anchor<User>(
  context: HeldContext<User>,
  { user, subject }: { readonly user: User; readonly subject: string },
): Promise<Anchored> {
  const { flow, users } = context
  const row = await readState(flow, subject)
  const isFirst = row === null || !isHeldInRow(flow, row)
  // Undo only what this call sets: `hasFactors` may already be true, such as after an operator's reset.
  const isNew = isFirst && !(await users.hasFactors(user))
  if (isFirst) await users.setHasFactors(user, true)
  const undo = async () => {
    if (isNew) await release(context, user, subject)
  }
  return {
    async unless(enrolling) {
      try {
        const outcome = await enrolling
        if (isRefusal(outcome)) await undo()
        return outcome
      } catch (error) {
        // The callback failed before anything was written.
        if (error instanceof DirectoryUnavailableError) await undo().catch(() => undefined)
        throw error
      }
    },
  }
}

/**
 * Calls `setHasFactors(user, false)` if the row has no factors. Sets it back to true if one was enrolled in the
 * meantime.
 */
export async function release<User>(
  { flow, users }: HeldContext<User>,
  user: User,
  subject: string,
): Promise<void> {
  const isHeld = async () => {
    const row = await readState(flow, subject)
    return row !== null && isHeldInRow(flow, row)
  }
  if (await isHeld()) return
  await users.setHasFactors(user, false)
  if (await isHeld()) await users.setHasFactors(user, true)
}

/** Stores that have kept an enrolled factor once. */
const keepers = new WeakSet<StateStore>()

/**
 * Reads an enrolled factor back, once for each store. A store that maps fields to columns may silently drop unknown
 * fields.
 *
 * @throws ConfigurationError if the store dropped the factor.
 */
export async function assertKept<User>(
  { flow }: HeldContext<User>,
  subject: string,
  kind: string,
): Promise<void> {
  if (keepers.has(flow.store)) return
  const row = await readState(flow, subject)
  if (row?.factors[kind]?.held !== true) {
    throw new ConfigurationError(
      'store does not keep enrolled factors: it must write and return the whole row; ' +
        'run the contract of passport-second-factor/testing on it',
      'store',
    )
  }
  keepers.add(flow.store)
}
