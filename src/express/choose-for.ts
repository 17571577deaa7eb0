/** The factor that a session's request means. */

import type { Refusal } from '../core/refusal.js'
import { chooseFactor, type Chosen } from '../flows/factors.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'

/** Chooses by the method a request names, if it names one, else by where the session stands. */
export function chooseFor(
  { flow }: HttpContext,
  { subject, user, record }: Pick<AuthState, 'subject' | 'user' | 'record'>,
  method?: string,
  mustSend = false,
): Promise<Chosen<Express.User> | Refusal> {
  return chooseFactor<Express.User>(flow, {
    ...{ subject, user, method, mustSend },
    among: record.methods,
    sessionKey: record.key ?? null,
  })
}
