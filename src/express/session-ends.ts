/** Ends a session's grant and challenge, however the application ends the session: every way goes through its store. */

import type { Request, Response } from 'express'
import type { Store } from 'express-session'

import { StoreUnavailableError } from '../core/errors.js'
import { endSession } from '../flows/grants.js'
import type { HttpContext } from './context.js'
import { handlingEnd, isHandled } from './handled-ends.js'
import type { SessionRecord } from './session-record.js'

/** The contexts to notify when a store's session ends: several second factors may share a store. */
const listeners = new WeakMap<Store, Set<HttpContext>>()

/**
 * Watches a store. `regenerate`, `destroy`, `reload` followed by `destroy`, `sessionStore.destroy`, and a response
 * without a session all call the store's `destroy`; hooks on session objects would miss some. A slow request may write
 * such a session back, so the grant has to end in our own store.
 */
export function watchSessionStore(context: HttpContext, store: Store): void {
  const contexts = listeners.get(store)
  if (contexts !== undefined) {
    contexts.add(context)
    return
  }
  const all = new Set([context])
  listeners.set(store, all)
  const destroy = store.destroy.bind(store)
  const watched = (sid: string, done?: (error?: unknown) => void) => {
    if (isHandled(store, sid)) {
      destroy(sid, done)
      return
    }
    const ending = recordIn(store, sid).then((record) => {
      // Starts at once: our store may fail long before the session store answers.
      const ended = Promise.all([...all].map((each) => endHeld(each, record, 'logout'))).then(
        () => null,
        (fault: unknown) => fault,
      )
      destroy(sid, (error: unknown) => {
        void ended.then((fault) => done?.(error ?? fault))
      })
    })
    // A store may throw instead of calling back.
    ending.catch((error: unknown) => done?.(error))
  }
  Object.defineProperty(store, 'destroy', { value: watched, configurable: true, writable: true })
}

/**
 * Makes `req.session.destroy` end the grant at once, for applications that respond without waiting. Other ends go
 * through the store, which first has to read what the session held.
 */
export function endAtOnce(context: HttpContext, req: Request): void {
  const { session } = req
  if (typeof (session as Partial<typeof session>).destroy !== 'function') return
  const destroy = session.destroy.bind(session)
  const wrapped = (done?: (error?: unknown) => void) => {
    const ended = endHeld(context, session.secondFactor, 'logout').then(
      () => null,
      (fault: unknown) => fault,
    )
    void handlingEnd(req, () => new Promise<unknown>((resolve) => destroy(resolve))).then(
      async (error) => {
        const fault = error ?? (await ended)
        done?.(fault)
      },
    )
    return session
  }
  // Not enumerable, because a login that keeps the session's keys would copy it to the next session.
  Object.defineProperty(session, 'destroy', { value: wrapped, configurable: true, writable: true })
}

/**
 * Ends the grant and challenge if the application has set `req.session` to `null`. express-session then keeps the
 * stored session, unless its option `unset` is `'destroy'`.
 */
export function endWithoutSession(context: HttpContext, req: Request, res: Response): void {
  const record = req.session.secondFactor
  if (record === undefined) return
  const end = res.end.bind(res) as (...args: unknown[]) => Response
  const waiting = (...args: unknown[]) => {
    if ((req.session as unknown) ?? null) return end(...args)
    endHeld(context, record, 'logout')
      .catch(() => undefined)
      .finally(() => end(...args))
    return res
  }
  res.end = waiting as typeof res.end
}

/** Ends the grant and the challenge of a session, in one write. */
export async function endHeld(
  context: HttpContext,
  record: SessionRecord | undefined,
  reason: 'login' | 'logout',
): Promise<void> {
  const { subject, grantId, key } = record ?? {}
  if (subject === undefined) return
  context.grants.forget(subject)
  // Forgotten again afterwards: another request may have read the grant while it was ending.
  await endSession(context.flow, subject, { grantId, sessionKey: key }, reason)
    .catch(withoutCause)
    .finally(() => {
      context.grants.forget(subject)
    })
}

/** The application gets this fault and may log it, but the store's own error may contain the whole row. */
function withoutCause(error: unknown): never {
  throw error instanceof StoreUnavailableError ? new StoreUnavailableError(error.message) : error
}

function recordIn(store: Store, sid: string): Promise<SessionRecord | undefined> {
  // An unreadable session is destroyed all the same; its grant expires by itself.
  return new Promise<SessionRecord | undefined>((resolve) => {
    store.get(sid, (_error, data) => {
      resolve(data?.secondFactor)
    })
  }).catch(() => undefined)
}
