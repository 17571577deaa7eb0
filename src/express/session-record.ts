/** The one key this package keeps in a session: which user logged in when, its own random key, and the id of its grant. */

import type { Request } from 'express'
import type { Session as ExpressSession, SessionData, Store } from 'express-session'

import { SessionError, StoreUnavailableError } from '../core/errors.js'
import { newId } from '../core/random.js'
import type { Instant } from '../core/state.js'
import { handlingEnd } from './handled-ends.js'
import { readKeptRefusal, type KeptRefusal } from './kept-refusal.js'
import { returnPath } from './return-path.js'

/** What a session remembers. Everything but `returnTo` counts only for the user it names. */
export interface SessionRecord {
  /** The page the person was on the way to: a path of this origin. */
  readonly returnTo?: string | undefined
  /** The pages that tabs of this session were stopped at, the last one last. */
  readonly stoppedAt?: readonly string[] | undefined
  /** How recent the second factor has to be there, in seconds. */
  readonly maxAgeSeconds?: number | undefined
  /** The methods that will do there; any where it is absent. */
  readonly methods?: readonly string[] | undefined
  /** What was typed into the form that the gate stopped, for the page at `returnTo`. */
  readonly keptFields?: Readonly<Record<string, string>> | undefined
  /** The page on which the second factor was asked for: where a person goes who cancels. */
  readonly cancelTo?: string | undefined
  /** Why a form was refused, until its page has shown it. */
  readonly refusal?: KeptRefusal | undefined
  /** Whether a factor was changed just now, until a page has confirmed it. */
  readonly hasChanged?: boolean | undefined
  readonly subject?: string | undefined
  /** When the password was accepted. */
  readonly loginAt?: Instant | undefined
  /** Why the login that this session had is over, for the login page. */
  readonly notice?: 'login_expired' | undefined
  /**
   * Random; made by each login, and anew with each new id of the session. What the session asks for is bound to it, in
   * our own store: a slow request of the application that writes the session back takes nothing away.
   */
  readonly key?: string | undefined
  /** The grant this session holds. It counts only while the store knows it. */
  readonly grantId?: string | undefined
  /** The row's epoch when the session was given the grant. */
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
 * @throws SessionError where there is none, or one that is kept in the client and cannot be ended.
 */
export function sessionOf(req: Request): Session {
  const session = req.session as Session | undefined
  if (session === undefined) {
    throw new SessionError('req.session is missing; mount express-session before the second factor')
  }
  if (typeof session.regenerate !== 'function' || typeof session.save !== 'function') {
    throw new SessionError(
      'req.session cannot regenerate; the second factor needs express-session with a server-side ' +
        'store, since a session kept in a cookie can be put back after logout',
    )
  }
  return session
}

/**
 * What the session remembers for this user; of another user's record only the way back. An application may
 * let a client write into its session, so that all of what is shown or followed is checked again.
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

/** What `newId` makes. Anything else would be written into the row as it is. */
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

/** Why the session's login is over, until the next login. */
export function noticeOf(req: Request): 'login_expired' | null {
  const { secondFactor } = sessionOf(req)
  return secondFactor?.notice === 'login_expired' ? 'login_expired' : null
}

/** Replaces the record; it is kept from the next save on. */
export function setRecord(req: Request, record: SessionRecord): void {
  sessionOf(req).secondFactor = record
}

/**
 * Writes the session out. Done before answering, so that the next request finds it.
 *
 * @throws StoreUnavailableError where the session store fails.
 */
export function saveSession(req: Request): Promise<void> {
  return sessionCall((done) => sessionOf(req).save(done))
}

/**
 * Writes a record into a session that a logout may have ended meanwhile: a save would bring that session back.
 *
 * @returns whether it was written; `false` where the session has ended.
 * @throws StoreUnavailableError where the session store fails.
 */
export async function saveRecord(req: Request, record: SessionRecord): Promise<boolean> {
  if (!(await sessionExists(req))) return false
  setRecord(req, record)
  await saveSession(req)
  return true
}

/**
 * Gives the session a new id and a new key, keeps what the application had in it, and writes it out with the record.
 *
 * @returns whether it was written; `false` where the session has ended.
 * @throws StoreUnavailableError where the session store fails.
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
 * Writes out a session that has just got a new id. express-session would write it a second time as the response ends,
 * changed or not.
 *
 * @throws StoreUnavailableError where the session store fails.
 */
export async function saveNewSession(req: Request): Promise<void> {
  await saveSession(req)
  const session = sessionOf(req)
  const written = contentOf(session)
  const save = session.save.bind(session)
  const saveChanged = (done?: (error: unknown) => void) => {
    if (contentOf(session) !== written) return save(done)
    // As a store does: whoever calls may have more to set up.
    process.nextTick(() => done?.(undefined))
    return session
  }
  // Not enumerable, or it would be a part of the session.
  const own = { value: saveChanged, configurable: true, writable: true }
  // A session of another kind may not allow it; it is written twice then.
  Reflect.defineProperty(session, 'save', own)
}

/** All that a store keeps, but for the end of the cookie, which each request moves. */
function contentOf({ cookie, ...content }: Session): string {
  return JSON.stringify([content, Object.assign({}, cookie, { _expires: undefined })])
}

/** Everything that the application has set on the session's cookie, with the lifetime begun anew. */
function keepCookie(cookie: SessionCookie | undefined, earlier: SessionCookie | undefined): void {
  if (cookie === undefined) return
  Object.assign(cookie, earlier)
  const lifetime = earlier?.originalMaxAge
  if (typeof lifetime === 'number') cookie.maxAge = lifetime
}

/**
 * Whether the session store still holds this session: a logout may have ended it while the request waited
 * for a vendor, and a save would then bring it back.
 *
 * @throws StoreUnavailableError where the session store fails.
 */
export function sessionExists(req: Request): Promise<boolean> {
  const store = req.sessionStore as Store | undefined
  if (typeof store?.get !== 'function') return Promise.resolve(true)
  return new Promise((resolve, reject) => {
    store.get(req.sessionID, (error: unknown, data) => {
      // What stores of files say of a session that is not there; express-session takes it so too.
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
