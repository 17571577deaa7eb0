/** Two instances of the application that share one store, one session store and one clock, as if behind one address. */

import { randomBytes } from 'node:crypto'

import session from 'express-session'

import { memoryStore, type SecondFactorOptions } from '../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from './app.js'
import { Browser } from './browser.js'

/** Starts two instances that share what two processes would share. */
export async function startTwoApps(
  options: Partial<SecondFactorOptions<TestUser>> = {},
): Promise<[TestApp, TestApp]> {
  const shared = {
    sessionStore: new session.MemoryStore(),
    secondFactor: {
      secret: randomBytes(32).toString('base64url'),
      store: memoryStore(),
      ...options,
    },
  }
  const first = await startTestApp(shared)
  const clock = () => first.clock.now
  const second = await startTestApp({
    ...shared,
    sender: first.inbox,
    secondFactor: { ...shared.secondFactor, clock },
  })
  return [first, second]
}

/** The same cookies, sent to another instance. */
export function at(app: TestApp, browser: Browser): Browser {
  const other = new Browser(app.url)
  for (const [name, value] of browser.cookies) other.cookies.set(name, value)
  return other
}
