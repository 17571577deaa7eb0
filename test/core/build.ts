/** Builds the rows and grants that tests of the rules start from. */

import { newSubject, type Grant, type SubjectState } from '../../src/core/state.js'
import { hour, t0 } from '../support/clock.js'

/** A row of `user-1`, written at `t0`, with some fields replaced. */
export function rowWith(fields: Partial<SubjectState> = {}): SubjectState {
  return { ...newSubject('user-1', 1, t0), ...fields }
}

/** A grant of 12 hours, given at `t0`, with some fields replaced. */
export function grantWith(fields: Partial<Grant> = {}): Grant {
  return { id: 'grant-1', method: 'sms', issuedAt: t0, expiresAt: t0 + 12 * hour, ...fields }
}
