/** Lists the challenges that wait for a phone's verification, because a vendor keeps a single one for all who ask. */

import {
  after,
  clockSkewSeconds,
  withPart,
  type Decision,
  type Instant,
  type SubjectState,
} from '../../../core/state.js'
import { kind, partOf, type PhonePart, type VerificationHolder } from './part.js'

/** The time that a start without an answer counts as a holder, longer than any start may take. */
const startingSeconds = 20

/** The most holders of one phone; the oldest are dropped. A vendor stops sending codes long before this. */
const maxHolders = 50

/** Adds a challenge that is about to start a verification, unless it is already listed. */
export function addHolder(row: SubjectState, challengeId: string, now: Instant): Decision<null> {
  const holders = unexpired(row, now)
  if (holders.some((each) => each.challengeId === challengeId)) return { state: row, outcome: null }
  const holder = { challengeId, ref: null, until: after(now, startingSeconds) }
  return { state: withHolders(row, [...holders, holder]), outcome: null }
}

/** Stores the verification that a challenge waits for, for as long as the challenge may live. */
export function keepHolder(
  row: SubjectState,
  holder: VerificationHolder,
  now: Instant,
): Decision<null> {
  const others = unexpired(row, now).filter((each) => each.challengeId !== holder.challengeId)
  const until = after(holder.until, clockSkewSeconds)
  return { state: withHolders(row, [...others, { ...holder, until }]), outcome: null }
}

/** Removes a challenge. The outcome is true if another one waits, or may wait, for the same verification. */
export function removeHolder(
  row: SubjectState,
  challengeId: string,
  ref: string,
  now: Instant,
): Decision<boolean> {
  const holders = partOf(row).holders ?? []
  const others = holders.filter((each) => each.challengeId !== challengeId)
  // A start without an answer may turn out to share this verification.
  const isShared = others.some(
    (each) => (each.ref === ref || each.ref === null) && now < each.until,
  )
  const state = others.length === holders.length ? row : withHolders(row, others)
  return { state, outcome: isShared }
}

/** Forgets the challenges that wait for a verification that is over. */
export function dropHolders(row: SubjectState, ref: string): Decision<null> {
  const holders = partOf(row).holders ?? []
  const others = holders.filter((each) => each.ref !== ref)
  const state = others.length === holders.length ? row : withHolders(row, others)
  return { state, outcome: null }
}

function unexpired(row: SubjectState, now: Instant): readonly VerificationHolder[] {
  return (partOf(row).holders ?? []).filter(({ until }) => now < until)
}

function withHolders(row: SubjectState, holders: readonly VerificationHolder[]): SubjectState {
  const part: PhonePart = { ...partOf(row), holders: holders.slice(-maxHolders) }
  return withPart(row, kind, part)
}
