/** An application before its second factor: users, secrets, and a password login with Passport. */

import { randomBytes } from 'node:crypto'

import { hash, verify } from '@node-rs/argon2'
import passport from 'passport'
import { Strategy as LocalStrategy } from 'passport-local'

declare global {
  namespace Express {
    interface User {
      readonly id: number
      readonly username: string
      readonly passwordHash: string
    }
  }
}

const users = [{ id: 1, username: 'alice', passwordHash: await hash('wonderland-7') }]
const nobodysHash = await hash(newSecret()) // an unknown name takes as long as a known one

passport.use(
  new LocalStrategy((username, password, done) => {
    const user = users.find((each) => each.username === username)
    verify(user?.passwordHash ?? nobodysHash, password).then((isRight) => {
      done(null, isRight && user !== undefined && user)
    }, done)
  }),
)
passport.serializeUser(({ id }, done) => {
  done(null, id)
})
passport.deserializeUser((id, done) => {
  done(null, users.find((user) => user.id === id) ?? false)
})

export const isProduction = process.env['NODE_ENV'] === 'production'

/** Reads a secret from the environment. In development, each start makes a new one, which ends all sessions and codes. */
export function secretOf(variable: string): string {
  const secret = process.env[variable] ?? (isProduction ? '' : newSecret())
  if (secret === '')
    throw new Error(`${variable} is missing; make one with npx passport-second-factor new-secret`)
  return secret
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
