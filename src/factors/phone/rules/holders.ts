/** Lists the challenges that wait for a phone's verification at its vendor, which keeps one for whoever asks. */

import {
  after,
  clockSkewSeconds,
  withPart,
  type Decision,
  type Instant,
  type SubjectState,
} from '../../../core/state.js'
import { kind, partOf, type PhonePart, type VerificationHolder } from './part.js'

/** How long a start that has no answer yet counts: longer than any start may take. */
const startingSeconds = 20

/** More than this for one phone, and the oldest go. The vendor sends far fewer codes before it stops. */
const maxHolders = 50

/** Adds a challenge that is about to start a verification, or keeps the one it has started. */
export function addHolder(row: SubjectState, challengeId: string, now: Instant): Decision<null> {
  const holders = unexpired(row, now)
  if (holders.some((each) => each.challengeId === challengeId)) return { state: row, outcome: null }
  const holder = { challengeId, ref: null, until: after(now, startingSeconds) }
  return { state: withHolders(row, [...holders, holder]), outcome: null }
}

/** Keeps which verification a challenge waits for, as long as the challenge may live. */
export function keepHolder(
  row: SubjectState,
  holder: VerificationHolder,
  now: Instant,
): Decision<null> {
  const others = unexpired(row, now).filter((each) => each.challengeId !== holder.challengeId)
  const until = after(holder.until, clockSkewSeconds)
  return { state: withHolders(row, [...others, { ...holder, until }]), outcome: null }
}

/** Removes a challenge. The outcome is whether another one waits, or may wait, for the same verification. */
export function removeHolder(
  row: SubjectState,
  challengeId: string,
  ref: string,
  now: Instant,
): Decision<boolean> {
  const holders = partOf(row).holders ?? []
  const others = holders.filter((each) => each.challengeId !== challengeId)
  // A start without an answer may turn out to be of the same verification.
  const isShared = others.some(
    (each) => (each.ref === ref || each.ref === null) && now < each.until,
  )
  const state = others.length === holders.length ? row : withHolders(row, others)
  return { state, outcome: isShared }
}

/** Forgets who waits for a verification that is over: nobody loses anything by its end. */
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
