/** A second factor without HTTP, on a clock of the test's own, and the messages it sent. */

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

export interface Plain {
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

export const t0 = Date.parse('2026-01-01T00:00:00.000Z')

export function openPlain(options: Partial<SecondFactorOptions<TestUser>> = {}): Plain {
  const [alice] = testUsers()
  if (alice === undefined) throw new Error('nobody there')
  const events: SecondFactorEvent[] = []
  const store = options.store ?? memoryStore()
  const inbox = consoleSender({ print: () => undefined, clock: () => plain.now })
  const codes =
    options.verifier === undefined
      ? { sender: inbox, secret: randomBytes(32).toString('base64url') }
      : {}
  const plain: Plain = {
    ...{ inbox, store, events, alice, now: t0 },
    secondFactor: createSecondFactor<TestUser>({
      ...codes,
      clock: () => plain.now,
      events: { emit: (event) => events.push(event) },
      users: { id: ({ id }) => id, phone: ({ phone }) => phone },
      ...options,
      store,
    }),
    at: (seconds = 0) => new Date(plain.now + seconds * 1000),
    codes: () =>
      inbox
        .inbox()
        .map(({ code }) => code)
        .reverse(),
  }
  return plain
}

/** Somebody who is no user of the application. */
export function job(id = 'job-7', phone = '+14155550199'): ForSubject {
  return forSubject(id, phone)
}
