/** Checks the option `enrolment`, and that lost rows would be noticed where people enrol factors. */

import { deviceMethod, devicesKind } from './core/devices.js'
import { enrolmentKind } from './core/enrolment.js'
import { ConfigurationError } from './core/errors.js'
import { assertKnownOptions } from './core/known-options.js'
import type { EnrolmentPolicy } from './flows/standing.js'
import { ask } from './flows/users.js'
import type { Factor } from './ports/factor.js'
import type { StateStore } from './ports/state-store.js'
import type { Awaitable, UserDirectory } from './ports/user-directory.js'

/** Who has to enrol a factor. */
export interface EnrolmentOptions<User> {
  /**
   * `'required'`: nobody passes the gate without one. `'optional'`: whoever has none may go on, but for a step-up.
   * A function decides for each user. Whoever holds a factor is asked for it in any case.
   *
   * @default 'required'
   */
  readonly when?: When | ((user: User) => Awaitable<When>) | undefined
  /**
   * Seconds that a user may go on without a factor, from the first login that required one; at most 90 days.
   *
   * @default 0
   */
  readonly graceSeconds?: number | undefined
}

type When = 'optional' | 'required'

/** Nobody is warned for longer. */
const longestGrace = 90 * 86_400

/** What the policy depends on. */
export interface EnrolmentParts<User> {
  readonly factors: readonly Factor<User>[]
  readonly store: StateStore
  readonly users: UserDirectory<User>
}

/**
 * The policy, or `null` where people enrol nothing by themselves.
 *
 * @throws ConfigurationError for an option that cannot be used, and for a store that may forget without the callbacks
 *   that would notice.
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
        `must not hold a factor of the kind '${kind}' and the method '${method}': that name is taken`,
      )
    }
  }
  if (typeof when !== 'function' && !isWhen(when)) {
    fail('enrolment.when', `must be 'optional', 'required', or a function that returns one of them`)
  }
  if (!(Number.isSafeInteger(graceSeconds) && graceSeconds >= 0 && graceSeconds <= longestGrace)) {
    fail('enrolment.graceSeconds', `must be whole seconds from 0 to ${longestGrace}, 90 days`)
  }
  const held = factors.filter((factor) => (factor.enrolment ?? factor.held) !== undefined)
  if (held.length === 0) {
    if (options !== undefined) {
      fail('enrolment', 'needs a factor that people enrol; give factors: [totp(), recoveryCodes()]')
    }
    return null
  }
  if (!held.some(({ isBackup }) => isBackup !== true)) {
    fail('factors', 'has only recovery codes, which stand in for another factor; add totp()')
  }
  const isAnchored = users.hasFactors !== undefined && users.setHasFactors !== undefined
  if (store.mayForget === true && !isAnchored) {
    fail(
      'users.hasFactors',
      'and users.setHasFactors are needed with a store that may forget, such as redisStore or memoryStore: a lost row ' +
        'would look as if the user had no second factor. Keep one boolean with each user, give users.phone where the ' +
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
