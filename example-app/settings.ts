/** Reads the environment once. A variable that cannot be used stops the start, with one line that names it. */

import { resolve } from 'node:path'

import express from 'express'

import { sqliteFile } from './database.js'
import { SettingError, type Environment } from './environment.js'
import { readSecrets, type Secrets } from './secrets.js'

export interface Settings extends Secrets {
  readonly production: boolean
  readonly port: number
  readonly host: string
  /** The database of users and sessions and, without `redisUrl`, of the second factor's state. */
  readonly databaseUrl: string
  readonly redisUrl: string | null
  /** The application's address for browsers, if it is known. */
  readonly publicUrl: URL | null
  /** The value of Express's setting `trust proxy`. */
  readonly trustProxy: number | string | false
}

const defaultFile = resolve(import.meta.dirname, '../data/example.sqlite')

export function readSettings(env: Environment): Settings {
  const production = env['NODE_ENV'] === 'production'
  const databaseUrl = databaseUrlOf(env['DATABASE_URL'] || `sqlite:${defaultFile}`)
  return {
    production,
    port: portOf(env['PORT'] || '3000'),
    host: env['HOST'] || '127.0.0.1',
    databaseUrl,
    redisUrl: redisUrlOf(env['REDIS_URL']),
    publicUrl: publicUrlOf(env['PUBLIC_URL'], production),
    trustProxy: trustProxyOf(env['TRUST_PROXY']),
    ...readSecrets(env, production, sqliteFile(databaseUrl) ?? defaultFile),
  }
}

function databaseUrlOf(text: string): string {
  const server = /^(postgres|postgresql|mysql|mariadb):\/\/./.test(text) && URL.canParse(text)
  if (server || /^sqlite:./.test(text)) return text
  throw new SettingError('DATABASE_URL must be sqlite:<file>, postgres://… or mysql://…')
}

function redisUrlOf(text: string | undefined): string | null {
  if (!text) return null
  if (/^rediss?:\/\/./.test(text) && URL.canParse(text)) return text
  throw new SettingError('REDIS_URL must be redis://… or rediss://…')
}

function portOf(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN
  if (port <= 65_535) return port
  throw new SettingError('PORT must be a whole number from 0 to 65535')
}

function publicUrlOf(text: string | undefined, production: boolean): URL | null {
  if (!text) return null
  const url = URL.canParse(text) ? new URL(text) : null
  const usable = url?.protocol === 'https:' || (url?.protocol === 'http:' && !production)
  // The application is mounted at the root, so the URL has only scheme, host and port.
  if (url !== null && usable && url.href === `${url.origin}/`) return url
  const scheme = production ? 'https:' : 'http: or https:'
  throw new SettingError(
    `PUBLIC_URL must be an ${scheme} address without a path, such as https://example.com`,
  )
}

function trustProxyOf(text: string | undefined): number | string | false {
  if (!text || text === '0' || text === 'false') return false
  if (/^\d+$/.test(text)) return Number(text)
  try {
    if (text === 'true') throw new Error('this would trust anybody')
    express().set('trust proxy', text)
    return text
  } catch {
    throw new SettingError(
      'TRUST_PROXY must be the number of proxies in front, or their addresses separated by commas',
    )
  }
}
