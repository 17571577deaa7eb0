/** The two secrets, from the environment. Outside production, they are generated once and kept next to the database. */

import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { SettingError, type Environment } from './environment.js'

export interface Secrets {
  /** Signs the session cookie. */
  readonly sessionSecret: string
  /** Derives the codes. */
  readonly secondFactorSecret: string
}

const remedy = `make one with: openssl rand -base64 32`

/** Reads or makes the secrets. Every process that shares the database must have the same two. */
export function readSecrets(env: Environment, production: boolean, database: string): Secrets {
  const sessionSecret = env['SESSION_SECRET']
  const secondFactorSecret = env['SECOND_FACTOR_SECRET']
  if (secondFactorSecret && Buffer.byteLength(secondFactorSecret) < 32) {
    throw new SettingError(`SECOND_FACTOR_SECRET is shorter than 32 bytes; ${remedy}`)
  }
  if (production) {
    if (!secondFactorSecret) throw new SettingError(`SECOND_FACTOR_SECRET is missing; ${remedy}`)
    if (!sessionSecret) throw new SettingError(`SESSION_SECRET is missing; ${remedy}`)
    if (Buffer.byteLength(sessionSecret) < 16) {
      throw new SettingError(`SESSION_SECRET is shorter than 16 bytes; ${remedy}`)
    }
  }
  if (sessionSecret && secondFactorSecret) return { sessionSecret, secondFactorSecret }
  const kept = keptSecrets(`${database}.secrets.json`)
  return {
    sessionSecret: sessionSecret || kept.sessionSecret,
    secondFactorSecret: secondFactorSecret || kept.secondFactorSecret,
  }
}

function keptSecrets(file: string): Secrets {
  try {
    if (!existsSync(file)) keepNewSecrets(file)
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>
    const { sessionSecret, secondFactorSecret } = kept
    if (sessionSecret && secondFactorSecret) return { sessionSecret, secondFactorSecret }
  } catch {
    // Reported below, without the file's content.
  }
  throw new SettingError(
    `SECOND_FACTOR_SECRET and SESSION_SECRET are not both set, and ${file} cannot be used to keep them; set both`,
  )
}

function keepNewSecrets(file: string): void {
  const secret = () => randomBytes(32).toString('base64url')
  const secrets: Secrets = { sessionSecret: secret(), secondFactorSecret: secret() }
  const draft = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(draft, JSON.stringify(secrets), { mode: 0o600 })
  try {
    // Unlike a plain write, a link never shows another process half a file, and never overwrites that process's file.
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}
