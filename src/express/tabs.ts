/** Two tabs of one session, each stopped at another page: each goes on to its own. */

import type { Request } from 'express'

import { readOwnString, type Fields } from '../core/fields.js'
import type { AuthState } from './auth-state.js'
import { saveRecord, type SessionRecord } from './session-record.js'

/** Pages remembered at most; the oldest go. */
const maxPages = 5

/** The record with this page among those that the session's tabs were stopped at. */
export function withStoppedAt(
  { stoppedAt = [], ...record }: SessionRecord,
  page: string | null,
): SessionRecord {
  if (page === null) return { ...record, stoppedAt }
  const others = stoppedAt.filter((each) => each !== page)
  return { ...record, stoppedAt: [...others, page].slice(-maxPages) }
}

/**
 * The state as the tab has it that sent this form: its page names where it leads in the field `returnTo`. Only a page
 * that the gate has stopped this session at is followed. What was typed for the other page goes.
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
