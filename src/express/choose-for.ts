/** Chooses the factor for a session's request. */

import type { Refusal } from '../core/refusal.js'
import { chooseFactor, type Choice, type Chosen } from '../flows/factors.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'

/** Chooses by the method that the request names, otherwise by the state of the session. */
export function chooseFor(
  { flow }: HttpContext,
  { subject, user, record }: Pick<AuthState, 'subject' | 'user' | 'record'>,
  { method, mustSend, row }: Pick<Choice<Express.User>, 'method' | 'mustSend' | 'row'> = {},
): Promise<Chosen<Express.User> | Refusal> {
  return chooseFactor<Express.User>(flow, {
    ...{ subject, user, method, mustSend, row },
    among: record.methods,
    sessionKey: record.key ?? null,
  })
}
