/** Handles two tabs of one session, each stopped at a different page: each goes on to its own. */

import type { Request } from 'express'

import { readOwnString, type Fields } from '../core/fields.js'
import type { AuthState } from './auth-state.js'
import { saveRecord, type SessionRecord } from './session-record.js'

/** The largest number of pages remembered; the oldest go first. */
const maxPages = 5

/** The record with this page added to those that the session's tabs were stopped at. */
export function withStoppedAt(
  { stoppedAt = [], ...record }: SessionRecord,
  page: string | null,
): SessionRecord {
  if (page === null) return { ...record, stoppedAt }
  const others = stoppedAt.filter((each) => each !== page)
  return { ...record, stoppedAt: [...others, page].slice(-maxPages) }
}

/**
 * The state for the tab that sent this form. Its page names the page to return to in the field `returnTo`, which is
 * followed only if the gate has stopped this session there. Fields kept for another page are dropped.
 */
export async function stateOfTab(
  req: Request,
  state: AuthState,
  fields: Fields,
): Promise<AuthState> {
  const { record, subject } = state
  const page = readOwnString(fields, 'returnTo')
  const isOther = page !== null && page !== record.returnTo
  if (!isOther || record.stoppedAt?.includes(page) !== true) return state
  const own = { ...record, subject, returnTo: page, keptFields: undefined }
  return (await saveRecord(req, own)) ? { ...state, record: own } : state
}
