/** The one key kept in a session: the user, the time of the login, a random key, and the grant's id. */

import type { Request } from 'express'
import type { Session as ExpressSession, SessionData, Store } from 'express-session'

import { SessionError, StoreUnavailableError } from '../core/errors.js'
import { newId } from '../core/random.js'
import type { Instant } from '../core/state.js'
import { handlingEnd } from './handled-ends.js'
import { readKeptRefusal, type KeptRefusal } from './kept-refusal.js'
import { returnPath } from './return-path.js'

/** The second factor's record in a session. All fields but `returnTo` count only for the user in `subject`. */
export interface SessionRecord {
  /** The page that the person was going to: a path of this origin. */
  readonly returnTo?: string | undefined
  /** The pages that this session's tabs were stopped at, latest last. */
  readonly stoppedAt?: readonly string[] | undefined
  /** The largest age of the second factor for that page, in seconds. */
  readonly maxAgeSeconds?: number | undefined
  /** The methods that are accepted there; any if absent. */
  readonly methods?: readonly string[] | undefined
  /** The values typed into the form that the gate stopped, for the page at `returnTo`. */
  readonly keptFields?: Readonly<Record<string, string>> | undefined
  /** The page that asked for the second factor: a person who cancels goes back there. */
  readonly cancelTo?: string | undefined
  /** The refusal of a form, until its page has shown it. */
  readonly refusal?: KeptRefusal | undefined
  /** True after a factor was changed, until a page has confirmed it. */
  readonly hasChanged?: boolean | undefined
  readonly subject?: string | undefined
  /** When the password was accepted. */
  readonly loginAt?: Instant | undefined
  /** The reason why this session's last login is over, for the login page. */
  readonly notice?: 'login_expired' | undefined
  /**
   * A random key, made by each login and renewed with each new session id. Challenges are bound to it in our own store,
   * so a slow request of the application that writes an old session back breaks nothing.
   */
  readonly key?: string | undefined
  /** The id of this session's grant. It counts only while our store has that grant. */
  readonly grantId?: string | undefined
  /** The row's epoch when the session got its grant. */
  readonly epoch?: number | undefined
}

declare module 'express-session' {
  interface SessionData {
    secondFactor?: SessionRecord
  }
}

type Session = ExpressSession & Partial<SessionData>

type SessionCookie = Session['cookie']

/**
 * The request's session.
 *
 * @throws SessionError if it is missing, or is kept in the client, where it cannot be ended.
 */
export function sessionOf(req: Request): Session {
  const session = req.session as Session | undefined
  if (session === undefined) {
    throw new SessionError('req.session is missing; mount express-session before the second factor')
  }
  if (typeof session.regenerate !== 'function' || typeof session.save !== 'function') {
    throw new SessionError(
      'req.session cannot regenerate; the second factor needs express-session with a server-side ' +
        'store, because a session kept in a cookie can be restored after logout',
    )
  }
  return session
}

/**
 * The session's record for this user; for another user, only the page to return to. An application may let clients
 * write into its session, so every value that is shown or followed is checked again.
 */
export function recordOf(req: Request, subject: string | null): SessionRecord {
  const stored: unknown = sessionOf(req).secondFactor
  if (typeof stored !== 'object' || stored === null) return {}
  const record: SessionRecord = stored
  const returnTo = returnPath(record.returnTo) ?? undefined
  if (subject === null || record.subject !== subject) return { returnTo }
  const maxAgeSeconds = secondsOf(record.maxAgeSeconds)
  const methods = areStrings(record.methods) ? record.methods : undefined
  const keptFields = areTexts(record.keptFields) ? record.keptFields : undefined
  const key = isKey(record.key) ? record.key : undefined
  const cancelTo = returnPath(record.cancelTo) ?? undefined
  const stoppedAt = arePaths(record.stoppedAt) ? record.stoppedAt : undefined
  const refusal = readKeptRefusal(record.refusal)
  return {
    ...record,
    returnTo,
    stoppedAt,
    maxAgeSeconds,
    methods,
    keptFields,
    key,
    cancelTo,
    refusal,
  }
}

/** Only keys made by `newId` are accepted, because the key is written into the row. */
function isKey(stored: unknown): boolean {
  return typeof stored === 'string' && /^[\w-]{22}$/.test(stored)
}

function areStrings(stored: unknown): boolean {
  return Array.isArray(stored) && stored.every((text) => typeof text === 'string')
}

function arePaths(stored: unknown): boolean {
  return Array.isArray(stored) && stored.every((path) => returnPath(path) !== null)
}

function secondsOf(stored: unknown): number | undefined {
  return typeof stored === 'number' && stored > 0 ? stored : undefined
}

function areTexts(stored: unknown): boolean {
  return (
    typeof stored === 'object' &&
    stored !== null &&
    !Array.isArray(stored) &&
    Object.values(stored).every((text) => typeof text === 'string')
  )
}

/** The reason why the session's login is over, until the next login. */
export function noticeOf(req: Request): 'login_expired' | null {
  const { secondFactor } = sessionOf(req)
  return secondFactor?.notice === 'login_expired' ? 'login_expired' : null
}

/** Replaces the record in memory; the next save writes it. */
export function setRecord(req: Request, record: SessionRecord): void {
  sessionOf(req).secondFactor = record
}

/**
 * Saves the session. This happens before the response, so that the next request finds it.
 *
 * @throws StoreUnavailableError if the session store fails.
 */
export function saveSession(req: Request): Promise<void> {
  return sessionCall((done) => sessionOf(req).save(done))
}

/**
 * Saves a record, unless a logout has ended the session meanwhile: a plain save would bring it back.
 *
 * @returns true if it was saved, false if the session has ended.
 * @throws StoreUnavailableError if the session store fails.
 */
export async function saveRecord(req: Request, record: SessionRecord): Promise<boolean> {
  if (!(await sessionExists(req))) return false
  setRecord(req, record)
  await saveSession(req)
  return true
}

/**
 * Gives the session a new id and key, keeps the application's data, and saves it with the record.
 *
 * @returns true if it was saved, false if the session has ended.
 * @throws StoreUnavailableError if the session store fails.
 */
export async function rotateSession(req: Request, record: SessionRecord): Promise<boolean> {
  if (!(await sessionExists(req))) return false
  const { cookie, ...kept } = sessionOf(req)
  await handlingEnd(req, () => sessionCall((done) => sessionOf(req).regenerate(done)))
  const rotated = Object.assign(sessionOf(req), kept)
  keepCookie(rotated.cookie, cookie)
  setRecord(req, { ...record, key: newId() })
  await saveNewSession(req)
  return true
}

/**
 * Saves a session that has just got a new id. Without this, express-session would save it again as the response ends,
 * even if nothing changed.
 *
 * @throws StoreUnavailableError if the session store fails.
 */
export async function saveNewSession(req: Request): Promise<void> {
  await saveSession(req)
  const session = sessionOf(req)
  const written = contentOf(session)
  let isWritten = true // until something else is: then even this content is a change
  const save = session.save.bind(session)
  const saveChanged = (done?: (error: unknown) => void) => {
    isWritten &&= contentOf(session) === written
    if (!isWritten) return save(done)
    // Asynchronous, as in a store: the caller may have more to set up.
    process.nextTick(() => done?.(undefined))
    return session
  }
  // Not enumerable, because it would become part of the session's data.
  const own = { value: saveChanged, configurable: true, writable: true }
  // Another kind of session may not allow this; it is then saved twice.
  Reflect.defineProperty(session, 'save', own)
}

/** Everything that a store keeps, except the cookie's expiry, which each request moves. */
function contentOf({ cookie, ...content }: Session): string {
  return JSON.stringify([content, Object.assign({}, cookie, { _expires: undefined })])
}

/** Keeps the application's cookie settings, and restarts the cookie's lifetime. */
function keepCookie(cookie: SessionCookie | undefined, earlier: SessionCookie | undefined): void {
  if (cookie === undefined) return
  Object.assign(cookie, earlier)
  const lifetime = earlier?.originalMaxAge
  if (typeof lifetime === 'number') cookie.maxAge = lifetime
}

/**
 * Returns true if the session store still holds this session. A logout may have ended it while the request waited for a
 * vendor, and a save would then bring it back.
 *
 * @throws StoreUnavailableError if the session store fails.
 */
export function sessionExists(req: Request): Promise<boolean> {
  const store = req.sessionStore as Store | undefined
  if (typeof store?.get !== 'function') return Promise.resolve(true)
  return new Promise((resolve, reject) => {
    store.get(req.sessionID, (error: unknown, data) => {
      // File stores report a missing session by this error, which express-session also treats as none.
      if (isMissingFile(error)) resolve(false)
      else if (error === undefined || error === null) resolve(data !== undefined && data !== null)
      else reject(new StoreUnavailableError('the session store failed', { cause: error }))
    })
  })
}

function isMissingFile(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'ENOENT'
}

function sessionCall(call: (done: (error: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error === undefined || error === null) resolve()
      else reject(new StoreUnavailableError('the session store failed', { cause: error }))
    })
  })
}
