/** Reads a user's row once for all that one request does. */

import { newSubject, type SubjectState } from '../core/state.js'
import type { FlowContext } from './context.js'
import { readState } from './transition.js'

/** Reads a user's row on the first call, and then returns the same row. */
export interface RowReader {
  (): Promise<SubjectState>
  /** The stored row, for a transition to start from; `null` if it was not read, or there is none. */
  stored(): SubjectState | null
}

/** Makes a reader of one user's row. */
export function rowReader(context: FlowContext, subject: string): RowReader {
  let stored: SubjectState | null = null
  let reading: Promise<SubjectState> | undefined
  const read = async () => {
    stored = await readState(context, subject)
    return stored ?? newSubject(subject, 0, context.clock())
  }
  return Object.assign(() => (reading ??= read()), { stored: () => stored })
}
