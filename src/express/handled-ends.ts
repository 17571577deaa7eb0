/** Marks sessions that are ended by code which already deals with their grant and challenge. */

import type { Request } from 'express'
import type { Store } from 'express-session'

const handled = new WeakMap<Store, Set<string>>()

/**
 * Runs work that ends the request's session, without the session store's watcher ending its grant and challenge too.
 */
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

/** Returns true if the code that ends this session deals with its grant and challenge. */
export function isHandled(store: Store, sessionId: string): boolean {
  return handled.get(store)?.has(sessionId) === true
}
