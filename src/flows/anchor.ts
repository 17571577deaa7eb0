/** What the application remembers of a user's factors, so that a lost row never means that there are none. */

import { enrolmentOf } from '../core/enrolment.js'
import { ConfigurationError, DirectoryUnavailableError } from '../core/errors.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import type { SubjectState } from '../core/state.js'
import type { StateStore } from '../ports/state-store.js'
import { emit } from './context.js'
import { isHeldInRow, type HeldContext } from './held.js'
import { readState } from './transition.js'

/**
 * Whether the application remembers factors that the row has lost: a store that forgot them, or a backup that was
 * restored. Asked only where the row shows nothing. A lost row never means that there is no second factor.
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

/** The application has been told, before anything was written. */
export interface Anchored {
  /**
   * Settles as the enrolment does; takes back what the application was told where nothing was written. After a fault of the
   * store nobody knows: the account stays closed then, which an operator can mend.
   */
  unless<Outcome>(enrolling: Promise<Outcome | Refusal>): Promise<Outcome | Refusal>
}

/** Has the application remember that the user holds factors, before the first is written. */
export async function anchor<User>(
  context: HeldContext<User>,
  { user, subject }: { readonly user: User; readonly subject: string },
): Promise<Anchored> {
  const { flow, users } = context
  const row = await readState(flow, subject)
  const isFirst = row === null || !isHeldInRow(flow, row)
  // What was remembered before, such as of factors that an operator has reset, is not ours to take back.
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
        // The application was asked before anything was written.
        if (error instanceof DirectoryUnavailableError) await undo().catch(() => undefined)
        throw error
      }
    },
  }
}

/**
 * Has the application forget that the user holds factors, where the row shows none. One that was enrolled meanwhile is
 * remembered again.
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

/** Stores that were seen to keep what was enrolled. */
const keepers = new WeakSet<StateStore>()

/**
 * Reads back what was enrolled, once for each store: one that maps fields to columns of its own drops what it does
 * not know without a word.
 *
 * @throws ConfigurationError where the store has not kept it.
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
      'store does not keep what people enrol: it has to write and return the whole row; ' +
        'run the contract of passport-second-factor/testing on it',
      'store',
    )
  }
  keepers.add(flow.store)
}
