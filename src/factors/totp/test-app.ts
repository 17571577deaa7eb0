/** An authenticator app for tests: set up for a user without a page, it makes the codes that a phone would show. */

import { assertKnownOptions } from '../../core/known-options.js'
import { assertNotProduction } from '../../core/not-production.js'
import { codeAt, stepAt } from './rules/codes.js'
import { newSecret, readSecret, spelledSecret } from './rules/secret.js'

/** An app that a test user holds. */
export interface TestAuthenticatorApp {
  /** The shared secret in base32. */
  readonly secret: string
  /**
   * A code that was not given out before, since each counts once: that of the present 30 seconds, then that of the next,
   * which `driftSteps` of 1 lets pass already.
   *
   * @throws Error once both were given out; advance the clock by 30 seconds.
   */
  code(): string
}

/** How an app is set up. */
export interface TestAuthenticatorAppOptions {
  /**
   * Milliseconds since the epoch: the clock of the application.
   *
   * @default `Date.now`
   */
  readonly clock?: (() => number) | undefined
  /**
   * The shared secret in base32, for a user whose app has to outlive the test.
   *
   * @default a new one
   */
  readonly secret?: string | undefined
}

const optionNames = { clock: true, secret: true } as const satisfies Record<
  keyof TestAuthenticatorAppOptions,
  true
>

/** Steps that the app's code may be ahead of the clock. */
const stepsAhead = 1

/**
 * Sets an authenticator app up for a user, in place of the one that the user holds, and returns it. `totp()` has to be among
 * the application's factors.
 *
 * @throws ConfigurationError where `NODE_ENV` is `production`, or the application has no `totp()`.
 * @example
 * const app = await setUpAuthenticatorApp(secondFactor, alice, { clock })
 * await passSecondFactor(agent, { code: app.code() })
 */
export async function setUpAuthenticatorApp<User>(
  secondFactor: { importTotp(user: User, secret: string): Promise<void> },
  user: User,
  options: TestAuthenticatorAppOptions = {},
): Promise<TestAuthenticatorApp> {
  assertNotProduction('setUpAuthenticatorApp', process.env)
  assertKnownOptions('setUpAuthenticatorApp', options, optionNames)
  const { clock = Date.now, secret = spelledSecret(newSecret()) } = options
  const key = readSecret(secret)
  await secondFactor.importTotp(user, secret)
  let next = 0
  return {
    secret,
    code() {
      const step = Math.max(next, stepAt(clock()))
      if (step > stepAt(clock()) + stepsAhead) {
        throw new Error(
          'this app has no unused code now, for each counts once; advance the clock by 30 seconds',
        )
      }
      next = step + 1
      return codeAt(key, step)
    },
  }
}
