/** The application under test with phones: a console sender's inbox, and users with phones. */

import { randomBytes } from 'node:crypto'

import type { Express, RequestHandler } from 'express'
import type session from 'express-session'

import {
  consoleSender,
  type CodeSender,
  type ConsoleSender,
  type HostedVerifier,
  type SecondFactor,
  type SecondFactorOptions,
  type SessionOptions,
} from '../../src/index.js'
import { startApplication, testClock, type Application } from './application.js'

export type { TestClock } from './application.js'

/** A user of the test application; the password of each is `password`. */
export interface TestUser {
  readonly id: number
  readonly username: string
  phone: string | null
  verified: boolean
}

/** The people of the test application. */
export function testUsers(): TestUser[] {
  return [
    { id: 1, username: 'alice', phone: '+237671234567', verified: true },
    { id: 2, username: 'bob', phone: '+919876543210', verified: true },
    { id: 3, username: 'carol', phone: null, verified: false },
    { id: 4, username: 'erin', phone: '+14155550123', verified: false },
  ]
}

export interface TestApp extends Omit<Application<TestUser>, 'users' | 'secondFactor'> {
  readonly users: TestUser[]
  readonly secondFactor: SecondFactor
  readonly inbox: ConsoleSender
  /** The code in the last message to this user. */
  codeFor(username: string): string
}

export interface TestAppOptions {
  readonly secondFactor?: Partial<SecondFactorOptions<TestUser>>
  readonly sender?: CodeSender
  /** Judges the codes in the place of a sender and a secret. */
  readonly verifier?: HostedVerifier | undefined
  readonly sessionStore?: session.Store
  readonly session?: Partial<session.SessionOptions>
  /** The routes that `session()` watches for; none by default. */
  readonly audit?: SessionOptions
  /** Adds middleware before everything else. */
  readonly before?: (app: Express) => void
  /** The middleware between the session and the second factor. */
  readonly afterSession?: readonly RequestHandler[]
  /** Adds routes before the gate. */
  readonly routes?: (app: Express, secondFactor: SecondFactor) => void
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const users = testUsers()
  const clock = testClock()
  const inbox = consoleSender({ print: () => undefined, clock: () => clock.now })
  const { sender = inbox, verifier, secondFactor, ...host } = options
  const application = await startApplication<TestUser>({
    ...(host as object),
    users,
    clock,
    secondFactor: {
      ...(verifier === undefined
        ? { secret: randomBytes(32).toString('base64url'), sender }
        : { verifier }),
      users: {
        id: (user) => user.id,
        phone: (user) => user.phone && { number: user.phone, verified: user.verified },
        setVerifiedPhone(user, phone) {
          user.phone = phone
          user.verified = true
        },
      },
      ...secondFactor,
    },
  })
  return {
    ...application,
    secondFactor: application.secondFactor as unknown as SecondFactor,
    users,
    inbox,
    codeFor(username) {
      const phone = users.find((user) => user.username === username)?.phone ?? undefined
      return inbox.inbox(phone)[0]?.code ?? ''
    },
  }
}
