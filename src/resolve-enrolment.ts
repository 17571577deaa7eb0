/** Validates the option `enrolment`, and requires `users.hasFactors` with a store that can lose rows. */

import { deviceMethod, devicesKind } from './core/devices.js'
import { enrolmentKind } from './core/enrolment.js'
import { ConfigurationError } from './core/errors.js'
import { assertKnownOptions } from './core/known-options.js'
import type { EnrolmentPolicy } from './flows/standing.js'
import { ask } from './flows/users.js'
import type { Factor } from './ports/factor.js'
import type { StateStore } from './ports/state-store.js'
import type { Awaitable, UserDirectory } from './ports/user-directory.js'

/** The policy for enrolment. */
export interface EnrolmentOptions<User> {
  /**
   * `'required'`: users without a factor must enrol one before they pass the gate. `'optional'`: they pass the gate,
   * but not a step-up. A function decides for each user. Users with a factor must always pass it.
   *
   * @default 'required'
   */
  readonly when?: When | ((user: User) => Awaitable<When>) | undefined
  /**
   * Seconds that a user may go without a factor, from the first login that required one, at most 7,776,000 (90 days).
   *
   * @default 0
   */
  readonly graceSeconds?: number | undefined
}

type When = 'optional' | 'required'

/** Upper bound of `graceSeconds`: 90 days. */
const longestGrace = 90 * 86_400

/** Resolved options that the policy depends on. */
export interface EnrolmentParts<User> {
  readonly factors: readonly Factor<User>[]
  readonly store: StateStore
  readonly users: UserDirectory<User>
}

/**
 * Resolves the policy; `null` if users cannot enrol any factor themselves.
 *
 * @throws ConfigurationError for an invalid option, and for a store that can lose rows without `users.hasFactors`.
 */
export function resolveEnrolment<User>(
  options: EnrolmentOptions<User> | undefined,
  { factors, store, users }: EnrolmentParts<User>,
): EnrolmentPolicy<User> | null {
  assertKnownOptions('enrolment', options ?? {}, { when: true, graceSeconds: true })
  const { when = 'required', graceSeconds = 0 } = options ?? {}
  for (const { kind, method } of factors) {
    if ([enrolmentKind, devicesKind].includes(kind) || method === deviceMethod) {
      fail(
        'factors',
        `must not contain a factor of the kind '${kind}' and the method '${method}': that name is reserved`,
      )
    }
  }
  if (typeof when !== 'function' && !isWhen(when)) {
    fail('enrolment.when', `must be 'optional', 'required', or a function that returns one of them`)
  }
  if (!(Number.isSafeInteger(graceSeconds) && graceSeconds >= 0 && graceSeconds <= longestGrace)) {
    fail(
      'enrolment.graceSeconds',
      `must be a whole number of seconds from 0 to ${longestGrace} (90 days)`,
    )
  }
  const held = factors.filter((factor) => (factor.enrolment ?? factor.held) !== undefined)
  if (held.length === 0) {
    if (options !== undefined) {
      fail(
        'enrolment',
        'requires a factor that users enrol; give factors: [totp(), recoveryCodes()]',
      )
    }
    return null
  }
  if (!held.some(({ isBackup }) => isBackup !== true)) {
    fail(
      'factors',
      'contains only recovery codes, which are a backup for another factor; add totp()',
    )
  }
  const isAnchored = users.hasFactors !== undefined && users.setHasFactors !== undefined
  if (store.mayForget === true && !isAnchored) {
    fail(
      'users.hasFactors',
      'and users.setHasFactors are required with a store that can lose rows, such as redisStore or memoryStore: a lost ' +
        'row would look as if the user had no second factor. Store one boolean with each user, give users.phone if the ' +
        'phone is the only factor, or use sequelizeStore',
    )
  }
  if ((users.hasFactors === undefined) !== (users.setHasFactors === undefined)) {
    fail('users.hasFactors', 'and users.setHasFactors go together; give both')
  }
  return {
    graceSeconds,
    async isRequired(user) {
      if (typeof when !== 'function') return when === 'required'
      const answer: unknown = await ask('enrolment.when', () => when(user))
      if (isWhen(answer)) return answer === 'required'
      throw new ConfigurationError(
        `enrolment.when must return 'optional' or 'required'`,
        'enrolment.when',
      )
    },
  }
}

function isWhen(value: unknown): value is When {
  return value === 'optional' || value === 'required'
}

function fail(option: string, remedy: string): never {
  throw new ConfigurationError(`${option} ${remedy}`, option)
}
