/** Removes and renames a user's enrolled items. */

import { enrolmentOf, freshnessRefusal, withEnrolment } from '../core/enrolment.js'
import { findGrant, revokeAllGrants } from '../core/grant.js'
import { refusal, type Refusal } from '../core/refusal.js'
import {
  newSubject,
  withPart,
  type Decision,
  type Instant,
  type SubjectState,
} from '../core/state.js'
import type { HeldItem } from '../ports/enrolment.js'
import type { FlowContext } from './context.js'
import { changeRefusal, type EnrolRequest } from './enrol.js'
import { findItem, isHeldElsewhere, isHeldInRow } from './held.js'
import type { StandingContext } from './standing.js'
import { readState, transition } from './transition.js'

/** A removed or renamed item. */
export interface ChangedItem {
  readonly status: 'changed'
  readonly item: HeldItem
}

/** A removed item, and the row before its removal. */
export interface RemovedItem extends ChangedItem {
  readonly before: SubjectState
}

/**
 * Removes an item. Requires a recent pass by any factor, so a user can remove a lost one. Ends the grants of other
 * sessions. Removing the last factor also removes the backups. Afterwards the caller must report the change and call
 * `release`.
 */
export async function removeItem<User>(
  context: StandingContext<User>,
  request: EnrolRequest<User>,
  id: string,
): Promise<RemovedItem | Refusal> {
  const { flow, users, enrolment } = context
  const { user, subject, grant } = request
  const before = (await readState(flow, subject)) ?? newSubject(subject, 0, flow.clock())
  const refused = await changeRefusal(context, request, before, flow.clock())
  if (refused !== null) return refused
  const isElsewhere = await isHeldElsewhere(context, user, before)
  const required = (await users.isRequired(user)) && (await enrolment?.isRequired(user)) !== false
  const rule = (row: SubjectState, now: Instant): Decision<RemovedItem | Refusal> => {
    const own = grant === null ? null : findGrant(row, grant.id, now)
    const stale = freshnessRefusal(own, now)
    if (stale !== null) return { state: row, outcome: stale }
    const found = findItem(flow, row, now, id)
    if (found === null) return { state: row, outcome: refusal('factor_not_enrolled') }
    const removed = settledAlone(flow, withoutItem(flow, row, now, id))
    const isLast = !isElsewhere && !isHeldInRow(flow, removed)
    if (isLast && required && found.factor.isBackup !== true) {
      return { state: row, outcome: refusal('last_factor') }
    }
    const outcome: RemovedItem = { status: 'changed', item: found.item, before: row }
    // Removing a backup does not end any grants.
    if (found.factor.isBackup === true) return { state: removed, outcome }
    const ended = revokeAllGrants(isLast ? withoutAny(flow, removed, now) : removed)
    return { state: { ...ended, grants: own === null ? [] : [own] }, outcome }
  }
  return (await transition(flow, subject, rule)).outcome
}

/** Renames an item. */
export async function renameItem<User>(
  context: StandingContext<User>,
  { subject }: EnrolRequest<User>,
  id: string,
  name: string,
): Promise<ChangedItem | Refusal> {
  const { flow } = context
  const rule = (row: SubjectState, now: Instant): Decision<ChangedItem | Refusal> => {
    const found = findItem(flow, row, now, id)
    const part = found === null ? undefined : row.factors[found.factor.kind]
    if (found === null || part === undefined || found.factor.held?.rename === undefined) {
      return { state: row, outcome: refusal('factor_not_enrolled') }
    }
    const outcome: ChangedItem = { status: 'changed', item: { ...found.item, name } }
    return {
      state: withPart(row, found.factor.kind, found.factor.held.rename(part, id, name)),
      outcome,
    }
  }
  return (await transition(flow, subject, rule)).outcome
}

/** Removes an item from the row. */
export function withoutItem(
  flow: FlowContext,
  row: SubjectState,
  now: Instant,
  id: string,
): SubjectState {
  const found = findItem(flow, row, now, id)
  const part = found === null ? undefined : row.factors[found.factor.kind]
  if (found?.factor.held === undefined || part === undefined) return row
  return withPart(row, found.factor.kind, found.factor.held.remove(part, id))
}

/** Applies `whenAlone` to each factor in the row that has no other factor beside it. */
export function settledAlone(flow: FlowContext, row: SubjectState): SubjectState {
  let settled = row
  for (const factor of flow.factors) {
    const { [factor.kind]: part, ...others } = settled.factors
    if (part === undefined || factor.whenAlone === undefined) continue
    if (!isHeldInRow(flow, { ...settled, factors: others })) {
      settled = withPart(settled, factor.kind, factor.whenAlone(part))
    }
  }
  return settled
}

/** Removes every enrolled item from the row, including those of factors that this process does not know. */
export function withoutAny(flow: FlowContext, row: SubjectState, now: Instant): SubjectState {
  let left = row
  for (const factor of flow.factors) {
    for (const { id } of factor.held?.items(row, now) ?? []) left = withoutItem(flow, left, now, id)
  }
  const kept = Object.entries(left.factors).filter(([, { held }]) => held !== true)
  left = settledAlone(flow, { ...left, factors: Object.fromEntries(kept) })
  return enrolmentOf(left).everHeld ? withEnrolment(left, { everHeld: false }) : left
}
