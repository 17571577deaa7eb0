/** Sessions in the database. Each row has its user, because users can list and end all of theirs. */

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'

import sessionStore from 'connect-session-sequelize'
import type { Request, RequestHandler } from 'express'
import session, { type SessionData, type Store } from 'express-session'
import {
  DataTypes,
  Op,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

import type { Settings } from './settings.js'

declare module 'express-session' {
  interface SessionData {
    /** The user, the time of the login, and the browser. */
    login?: { readonly userId: number; readonly at: number; readonly userAgent: string }
  }
}

/** A session of a logged-in user. */
export interface LoggedInSession {
  /** Identifies the session on pages, and is useless as a cookie. */
  readonly id: string
  readonly userAgent: string
  readonly loggedInAt: Date
  readonly lastSeenAt: Date
}

export interface Sessions {
  readonly store: Store
  /** Lists a user's sessions, the last used first. */
  list(userId: number): Promise<LoggedInSession[]>
  /** Ends one session of this user. If there is none with this id, it has already ended. */
  end(userId: number, id: string): Promise<void>
  /** Ends every session of this user, in every process at once. */
  endAll(userId: number): Promise<void>
  close(): void
}

/** The name of the session cookie. */
export const sessionCookie = 'example.sid'

/** An unused session ends after this many milliseconds. */
const lifetime = 24 * 3_600_000

interface SessionRow extends Model<
  InferAttributes<SessionRow>,
  InferCreationAttributes<SessionRow>
> {
  sid: string
  expires: Date
  data: string
  userId: number | null
  userAgent: string | null
  loggedInAt: Date | null
  lastSeenAt: CreationOptional<Date>
}

/** A hash that pages may show; the session's own id must stay in the cookie. */
export function publicId(sid: string): string {
  return createHash('sha256').update(sid).digest('base64url').slice(0, 22)
}

export function createSessions(sequelize: Sequelize): Sessions {
  const Row = sequelize.define<SessionRow>(
    'Session',
    {
      sid: { type: DataTypes.STRING(64), primaryKey: true },
      expires: { type: DataTypes.DATE, allowNull: false },
      data: { type: DataTypes.TEXT, allowNull: false },
      userId: { type: DataTypes.INTEGER, allowNull: true },
      userAgent: { type: DataTypes.STRING(300), allowNull: true },
      loggedInAt: { type: DataTypes.DATE(3), allowNull: true },
      lastSeenAt: { type: DataTypes.DATE(3) },
    },
    {
      tableName: 'example_user_sessions',
      createdAt: false,
      updatedAt: 'lastSeenAt',
      indexes: [{ fields: ['userId'] }],
      // Ids are case-sensitive.
      charset: 'utf8mb4',
      collate: 'utf8mb4_bin',
    },
  )
  const store = new SessionStore(sequelize, Row)
  // The second factor hooks into this method of the store, so the session's grant and pending code end too.
  const destroy = promisify((sid: string, done: (error?: unknown) => void) => {
    store.destroy(sid, done)
  })
  const find = (userId: number) =>
    Row.findAll({
      where: { userId, expires: { [Op.gt]: new Date() } },
      order: [['lastSeenAt', 'DESC']],
    })

  return {
    store,
    async list(userId) {
      const rows = await find(userId)
      return rows.map(({ sid, userAgent, loggedInAt, lastSeenAt }) => ({
        id: publicId(sid),
        userAgent: userAgent ?? '',
        loggedInAt: loggedInAt ?? lastSeenAt,
        lastSeenAt,
      }))
    },
    async end(userId, id) {
      const row = (await find(userId)).find(({ sid }) => publicId(sid) === id)
      if (row !== undefined) await destroy(row.sid)
    },
    async endAll(userId) {
      await Row.destroy({ where: { userId } })
    },
    close() {
      store.stopExpiringSessions()
    },
  }
}

/** Records the user, time and browser of a login. Mount it after the login. */
export const noteLogin: RequestHandler = (req, _res, next) => {
  const userAgent = (req.get('user-agent') ?? '').slice(0, 300)
  if (req.user) req.session.login = { userId: req.user.id, at: Date.now(), userAgent }
  next()
}

/** Loads and saves the session of each request. */
export function useSessions({ publicUrl, sessionSecret }: Settings, store: Store) {
  const secure = publicUrl?.protocol === 'https:'
  const handler = session({
    name: sessionCookie,
    secret: sessionSecret,
    store,
    resave: false,
    saveUninitialized: false,
    proxy: secure || undefined,
    cookie: { httpOnly: true, sameSite: 'lax', secure },
  })
  if (!secure) return [handler]
  // express-session sets a secure cookie only on an HTTPS connection, and HTTPS ends at the proxy.
  const behindTls: RequestHandler = (req, _res, next) => {
    req.headers['x-forwarded-proto'] ??= 'https'
    next()
  }
  return [behindTls, handler]
}

/**
 * Keeps ended sessions ended. express-session writes a request's copy back when it responds, so a request that was still
 * running would bring its session back. That is why a session that was read is only updated, never inserted.
 */
class SessionStore extends sessionStore(session.Store) {
  readonly #rows: ModelStatic<SessionRow>
  readonly #read = new WeakSet<object>()

  constructor(sequelize: Sequelize, rows: ModelStatic<SessionRow>) {
    super({
      db: sequelize,
      table: rows.name,
      expiration: lifetime,
      extendDefaultFields: (fields, { login }: SessionData) => ({
        ...fields,
        userId: login?.userId ?? null,
        userAgent: login?.userAgent ?? null,
        loggedInAt: login === undefined ? null : new Date(login.at),
      }),
    })
    this.#rows = rows
  }

  override createSession(req: Request, data: SessionData) {
    const read = super.createSession(req, data)
    this.#read.add(read)
    return read
  }

  override set(sid: string, data: SessionData, done?: (error?: unknown) => void): void {
    if (!this.#read.has(data)) {
      super.set(sid, data, done)
      return
    }
    const expires = new Date(Date.now() + lifetime)
    const written = this.#rows.update({ data: JSON.stringify(data), expires }, { where: { sid } })
    void written.then(
      () => done?.(),
      (error: unknown) => done?.(error),
    )
  }
}
