/** Finds a user's enrolled items across all factors. */

import type { Instant, SubjectState } from '../core/state.js'
import type { HeldItem } from '../ports/enrolment.js'
import type { Factor } from '../ports/factor.js'
import type { FlowContext } from './context.js'
import type { Users } from './users.js'

/** The dependencies for finding a user's factors. */
export interface HeldContext<User> {
  readonly flow: FlowContext
  readonly users: Users<User>
}

/** The enrolled items in a row, in the order of the factors. */
export function heldItems(
  { factors }: Pick<FlowContext, 'factors'>,
  row: SubjectState,
  now: Instant,
): readonly HeldItem[] {
  return factors.flatMap((factor) => factor.held?.items(row, now) ?? [])
}

/** The item with this id and its factor, or `null`. */
export function findItem(
  { factors }: Pick<FlowContext, 'factors'>,
  row: SubjectState,
  now: Instant,
  id: string,
): { readonly factor: Factor<never>; readonly item: HeldItem } | null {
  for (const factor of factors) {
    const item = factor.held?.items(row, now).find((each) => each.id === id)
    if (item !== undefined) return { factor, item }
  }
  return null
}

/** True if the row holds a factor other than a backup, even one that this process does not know. */
export function isHeldInRow({ factors }: Pick<FlowContext, 'factors'>, row: SubjectState): boolean {
  const backups = factors.filter(({ isBackup }) => isBackup === true).map(({ kind }) => kind)
  return Object.entries(row.factors).some(
    ([kind, { held }]) => held === true && !backups.includes(kind),
  )
}

/** Resolves to true if the user has a factor that the application stores instead of the row. */
export async function isHeldElsewhere<User>(
  { flow }: HeldContext<User>,
  user: User,
  row: SubjectState,
): Promise<boolean> {
  const factors: readonly Factor<User>[] = flow.factors
  const others = factors.filter(({ isBackup, held }) => isBackup !== true && held === undefined)
  const held = await Promise.all(
    others.map((factor) => {
      const read = () => Promise.resolve(row)
      return factor.isHeld?.(user, read) ?? factor.isAvailable(user, read)
    }),
  )
  return held.includes(true)
}

/** The kinds of the user's factors, backups aside, in the order of the factors. */
export async function heldKinds<User>(
  { flow }: HeldContext<User>,
  user: User,
  row: SubjectState,
): Promise<readonly string[]> {
  const factors: readonly Factor<User>[] = flow.factors
  const read = () => Promise.resolve(row)
  const held = await Promise.all(
    factors.map(async (factor) => {
      if (factor.isBackup === true) return false
      if (factor.held !== undefined) return row.factors[factor.kind]?.held === true
      return factor.isHeld?.(user, read) ?? factor.isAvailable(user, read)
    }),
  )
  return factors.filter((_, index) => held[index]).map(({ kind }) => kind)
}

/** Resolves to true if the user has a factor other than a backup. */
export async function isAnyHeld<User>(
  context: HeldContext<User>,
  user: User,
  row: SubjectState,
): Promise<boolean> {
  return isHeldInRow(context.flow, row) || (await isHeldElsewhere(context, user, row))
}
