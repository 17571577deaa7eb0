/** Ends of sessions that their cause takes care of, so that nothing has to look at what they held. */

import type { Request } from 'express'
import type { Store } from 'express-session'

const handled = new WeakMap<Store, Set<string>>()

/** Does work that ends the request's session, whose grant and challenge are taken care of. */
export async function handlingEnd<T>(req: Request, work: () => Promise<T>): Promise<T> {
  const store = req.sessionStore as Store | undefined
  if (store === undefined) return work()
  const ids = handled.get(store) ?? new Set()
  handled.set(store, ids)
  const { sessionID } = req
  ids.add(sessionID)
  try {
    return await work()
  } finally {
    ids.delete(sessionID)
  }
}

/** Whether the end of this session is taken care of. */
export function isHandled(store: Store, sessionId: string): boolean {
  return handled.get(store)?.has(sessionId) === true
}
