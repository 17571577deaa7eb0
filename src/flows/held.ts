/** What a user holds, over all factors. */

import type { Instant, SubjectState } from '../core/state.js'
import type { HeldItem } from '../ports/enrolment.js'
import type { Factor } from '../ports/factor.js'
import type { FlowContext } from './context.js'
import type { Users } from './users.js'

/** What is asked about factors that people hold. */
export interface HeldContext<User> {
  readonly flow: FlowContext
  readonly users: Users<User>
}

/** Everything that the row holds, in the order of the factors. */
export function heldItems(
  { factors }: Pick<FlowContext, 'factors'>,
  row: SubjectState,
  now: Instant,
): readonly HeldItem[] {
  return factors.flatMap((factor) => factor.held?.items(row, now) ?? [])
}

/** The factor that holds this item, and the item. */
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

/** True if the row holds a factor that counts by itself, even one this process cannot judge. */
export function isHeldInRow({ factors }: Pick<FlowContext, 'factors'>, row: SubjectState): boolean {
  const backups = factors.filter(({ isBackup }) => isBackup === true).map(({ kind }) => kind)
  return Object.entries(row.factors).some(
    ([kind, { held }]) => held === true && !backups.includes(kind),
  )
}

/** Whether the application itself knows a factor of the user. */
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

/** The kinds of the factors that a user holds, in the order of the factors. */
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

/** Whether the user holds a factor that counts by itself: what only stands in for another does not. */
export async function isAnyHeld<User>(
  context: HeldContext<User>,
  user: User,
  row: SubjectState,
): Promise<boolean> {
  return isHeldInRow(context.flow, row) || (await isHeldElsewhere(context, user, row))
}
