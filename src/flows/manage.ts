/** Removes and renames what a user holds. */

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

/** An item that was removed or renamed. */
export interface ChangedItem {
  readonly status: 'changed'
  readonly item: HeldItem
}

/** An item that was removed, and the row as it was. */
export interface RemovedItem extends ChangedItem {
  readonly before: SubjectState
}

/**
 * Removes an item: any fresh second factor may, also one by another factor than the lost one. Other sessions have to
 * pass again; this one keeps its grant. With the last factor goes what stands in for it. The caller tells of the change,
 * and then releases the user.
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
    // Nobody is thrown out for codes that only stand in for a factor.
    if (found.factor.isBackup === true) return { state: removed, outcome }
    const ended = revokeAllGrants(isLast ? withoutAny(flow, removed, now) : removed)
    return { state: { ...ended, grants: own === null ? [] : [own] }, outcome }
  }
  return (await transition(flow, subject, rule)).outcome
}

/** Gives an item another name. */
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

/** The row without an item. */
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

/** The row in which the one factor that is left, in the row or with the application, is asked for again. */
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

/** The row without anything that is held, of factors that this process does not know as well. */
export function withoutAny(flow: FlowContext, row: SubjectState, now: Instant): SubjectState {
  let left = row
  for (const factor of flow.factors) {
    for (const { id } of factor.held?.items(row, now) ?? []) left = withoutItem(flow, left, now, id)
  }
  const kept = Object.entries(left.factors).filter(([, { held }]) => held !== true)
  left = settledAlone(flow, { ...left, factors: Object.fromEntries(kept) })
  return enrolmentOf(left).everHeld ? withEnrolment(left, { everHeld: false }) : left
}
