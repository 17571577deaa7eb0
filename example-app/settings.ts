/** Reads the environment once; a setting that cannot be used stops the start with one line that names it. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname, resolve } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Settings {
  readonly production: boolean
  readonly port: number
  readonly host: string
  readonly databaseUrl: string
  readonly sessionSecret: string
  readonly secondFactorSecret: string
  /** The application's own origin as browsers see it, where it is known. */
  readonly publicOrigin: string | undefined
  /** What Express takes for `trust proxy`. */
  readonly trustProxy: number | string | false
}

/** A setting that cannot be used. */
export class SettingError extends Error {}

const defaultDatabase = `sqlite:${resolve(import.meta.dirname, '../data/example.sqlite')}`

export function readSettings(env: Environment): Settings {
  const production = env['NODE_ENV'] === 'production'
  const databaseUrl = env['DATABASE_URL'] || defaultDatabase
  if (!/^(sqlite:|postgres(ql)?:\/\/|mysql:\/\/|mariadb:\/\/)./.test(databaseUrl)) {
    throw new SettingError('DATABASE_URL must be sqlite:<file>, postgres://… or mysql://…')
  }
  const secrets = readSecrets(env, production, databaseUrl)
  return {
    production,
    databaseUrl,
    port: wholeNumber('PORT', env['PORT'] || '3000', 65_535),
    host: env['HOST'] || '127.0.0.1',
    publicOrigin: publicOrigin(env['PUBLIC_URL'], production),
    trustProxy: trustProxy(env['TRUST_PROXY']),
    ...secrets,
  }
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (value <= most) return value
  throw new SettingError(`${name} must be a whole number from 0 to ${most}`)
}

function publicOrigin(text: string | undefined, production: boolean): string | undefined {
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && !production)) return url.origin
  throw new SettingError(
    `PUBLIC_URL must be an ${production ? 'https:' : 'http: or https:'} address, such as https://example.com`,
  )
}

function trustProxy(text: string | undefined): number | string | false {
  if (!text || text === '0' || text === 'false') return false
  if (/^\d+$/.test(text)) return Number(text)
  if (text !== 'true') return text
  throw new SettingError(
    'TRUST_PROXY must be a number of proxies, or their addresses; true would believe anybody',
  )
}

type Secrets = Pick<Settings, 'sessionSecret' | 'secondFactorSecret'>

/** Production brings its secrets; elsewhere they are made once and kept beside the database. */
function readSecrets(env: Environment, production: boolean, databaseUrl: string): Secrets {
  const sessionSecret = env['SESSION_SECRET']
  const secondFactorSecret = env['SECOND_FACTOR_SECRET']
  if (sessionSecret && secondFactorSecret) return { sessionSecret, secondFactorSecret }
  if (production) {
    const missing = sessionSecret ? 'SECOND_FACTOR_SECRET' : 'SESSION_SECRET'
    throw new SettingError(`${missing} is required in production; give at least 32 random bytes`)
  }
  const kept = keptSecrets(sqliteFile(databaseUrl) ?? sqliteFile(defaultDatabase) ?? '')
  return {
    sessionSecret: sessionSecret || kept.sessionSecret,
    secondFactorSecret: secondFactorSecret || kept.secondFactorSecret,
  }
}

function keptSecrets(database: string): Secrets {
  const file = `${database}.secrets.json`
  const make = () => randomBytes(32).toString('base64url')
  const made = JSON.stringify({ sessionSecret: make(), secondFactorSecret: make() })
  mkdirSync(dirname(file), { recursive: true })
  try {
    // Whoever comes first writes it; every process then reads the same file.
    writeFileSync(file, made, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Secrets
}

/** The file of an SQLite address, or `undefined` for another database and for one in memory. */
export function sqliteFile(databaseUrl: string): string | undefined {
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(databaseUrl)?.[1]
  return file === undefined || file === ':memory:' ? undefined : resolve(file)
}
