/** The status of a user's second factor, for headless callers. */

import { isLocked, lockedUntil } from '../core/ledger.js'
import { newSubject } from '../core/state.js'
import type { ChallengeView } from '../core/view.js'
import type { FlowContext } from './context.js'
import { readState } from './transition.js'

/** The status of a user's second factor. */
export interface SubjectStatus {
  /** The running challenge of any session, or `null`. */
  readonly challenge: ChallengeView | null
  /** Failures in a row. */
  readonly failures: number
  readonly locked: boolean
  /** When the lock ends; `null` if there is none, and after the hard stop. */
  readonly lockedUntil: Date | null
}

/** Reads the row once, and adds the facts of each factor. */
export async function subjectStatus(flow: FlowContext, subject: string): Promise<SubjectStatus> {
  const now = flow.clock()
  const row = (await readState(flow, subject)) ?? newSubject(subject, 0, now)
  const views = flow.factors.map((factor) => factor.view?.(row, now, undefined) ?? null)
  return {
    challenge: views.find((view) => view !== null) ?? null,
    failures: row.failures,
    locked: isLocked(row, now),
    lockedUntil: lockedUntil(row, now),
    ...flow.factors.reduce<object>((facts, each) => ({ ...facts, ...each.status?.(row, now) }), {}),
  }
}
