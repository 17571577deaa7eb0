/** An authenticator app for tests: enrolled without a page, it generates the codes that a phone would show. */

import { assertKnownOptions } from '../../core/known-options.js'
import { assertNotProduction } from '../../core/not-production.js'
import { codeAt, stepAt } from './rules/codes.js'
import { newSecret, readSecret, spelledSecret } from './rules/secret.js'

/** The app of a test user. */
export interface TestAuthenticatorApp {
  /** The shared secret in base32. */
  readonly secret: string
  /**
   * Returns an unused code, because each passes only once: first that of the current 30 seconds, then that of the next,
   * which `driftSteps: 1` already accepts.
   *
   * @throws Error if both are used. Advance the clock by 30 seconds.
   */
  code(): string
}

/** The options of `setUpAuthenticatorApp`. */
export interface TestAuthenticatorAppOptions {
  /**
   * The application's clock, in milliseconds since the epoch.
   *
   * @default `Date.now`
   */
  readonly clock?: (() => number) | undefined
  /**
   * The shared secret in base32, for a user whose app must outlive the test.
   *
   * @default a new secret
   */
  readonly secret?: string | undefined
}

const optionNames = { clock: true, secret: true } as const satisfies Record<
  keyof TestAuthenticatorAppOptions,
  true
>

/** Steps that a code can be ahead of the clock. */
const stepsAhead = 1

/**
 * Enrols an authenticator app for a user, in place of the current one, and returns it. Requires `totp()` among the
 * application's factors.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production`, or the application has no `totp()`.
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
          'this app has no unused code now, because each passes once; advance the clock by 30 seconds',
        )
      }
      next = step + 1
      return codeAt(key, step)
    },
  }
}
