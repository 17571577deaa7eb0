/** A second factor without HTTP, with a clock that the test sets and the messages it sent. */

import { randomBytes } from 'node:crypto'

import {
  consoleSender,
  createSecondFactor,
  forSubject,
  memoryStore,
  type ConsoleSender,
  type ForSubject,
  type SecondFactor,
  type SecondFactorEvent,
  type SecondFactorOptions,
  type StateStore,
} from '../../src/index.js'
import { testUsers, type TestUser } from './app.js'
import { t0 } from './clock.js'

export interface Headless {
  readonly secondFactor: SecondFactor<TestUser>
  readonly inbox: ConsoleSender
  readonly store: StateStore
  readonly events: SecondFactorEvent[]
  readonly alice: TestUser
  /** Milliseconds since the epoch; a test sets it. */
  now: number
  /** The instant so many seconds from now. */
  at(seconds?: number): Date
  /** The codes that were sent, the first first. */
  codes(): string[]
}

export function openHeadless(options: Partial<SecondFactorOptions<TestUser>> = {}): Headless {
  const [alice] = testUsers()
  if (alice === undefined) throw new Error('there is no test user')
  const events: SecondFactorEvent[] = []
  const store = options.store ?? memoryStore()
  const inbox = consoleSender({ print: () => undefined, clock: () => headless.now })
  const codes =
    options.verifier === undefined
      ? { sender: inbox, secret: randomBytes(32).toString('base64url') }
      : {}
  const headless: Headless = {
    ...{ inbox, store, events, alice, now: t0 },
    secondFactor: createSecondFactor<TestUser>({
      ...codes,
      clock: () => headless.now,
      events: { emit: (event) => events.push(event) },
      users: { id: ({ id }) => id, phone: ({ phone }) => phone },
      ...options,
      store,
    }),
    at: (seconds = 0) => new Date(headless.now + seconds * 1000),
    codes: () =>
      inbox
        .inbox()
        .map(({ code }) => code)
        .reverse(),
  }
  return headless
}

/** A target that is no user of the application. */
export function job(id = 'job-7', phone = '+14155550199'): ForSubject {
  return forSubject(id, phone)
}
