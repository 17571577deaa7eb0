/** The options of passkeys and their validation. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { PasskeysContext, Requirement } from './context.js'
import { checkedOrigins, checkedRpId } from './relying-party.js'
import { mostKeys } from './rules/part.js'
import { loadWebAuthn } from './webauthn.js'

/** The options of passkeys. */
export interface PasskeysOptions {
  /**
   * The domain that passkeys are bound to, such as `example.com` or `localhost`, but not an IP address. Passkeys also
   * work on subdomains listed in `origins`. Changing it makes every existing passkey unusable.
   */
  readonly rpId: string
  /**
   * The application's name in prompts.
   *
   * @default `appName`, or else `rpId`
   */
  readonly rpName?: string | undefined
  /**
   * The origins on which passkeys are accepted, with their ports. Each is on `rpId` or a subdomain, and uses `https:`
   * unless it is localhost. Required if `rpId` is `localhost`.
   *
   * @default [`https://${rpId}`]
   */
  readonly origins?: readonly string[] | undefined
  /**
   * The requirement for user verification by PIN or fingerprint, which is a third step after the password. `required`
   * refuses passkeys without it.
   *
   * @default 'discouraged'
   */
  readonly userVerification?: Requirement | undefined
  /**
   * The requirement for discoverable credentials, which use up one of a security key's few slots. Password managers
   * always store them.
   *
   * @default 'discouraged'
   */
  readonly residentKey?: Requirement | undefined
  /**
   * Passkeys per user, 1 to 5.
   *
   * @default 5
   */
  readonly max?: number | undefined
}

const optionNames = {
  rpId: true,
  rpName: true,
  origins: true,
  userVerification: true,
  residentKey: true,
  max: true,
} as const satisfies Record<keyof PasskeysOptions, true>

const requirements: readonly unknown[] = ['discouraged', 'preferred', 'required']

/**
 * Validates the options and makes the factor's dependencies.
 *
 * @throws ConfigurationError naming the invalid option and how to fix it.
 */
export function resolvePasskeysOptions(
  options: PasskeysOptions,
  tools: FactorTools,
): PasskeysContext {
  assertKnownOptions('passkeys', options, optionNames)
  const rpId = checkedRpId(options.rpId)
  const { rpName = tools.appName || rpId, max = mostKeys } = options
  const { userVerification = 'discouraged', residentKey = 'discouraged' } = options
  if (typeof rpName !== 'string' || rpName.trim() === '') {
    throw new ConfigurationError('passkeys.rpName must be a non-empty string', 'passkeys.rpName')
  }
  for (const [name, value] of Object.entries({ userVerification, residentKey })) {
    if (requirements.includes(value)) continue
    const option = `passkeys.${name}`
    throw new ConfigurationError(`${option} must be one of ${requirements.join(', ')}`, option)
  }
  if (!Number.isInteger(max) || max < 1 || max > mostKeys) {
    throw new ConfigurationError(
      `passkeys.max must be a whole number from 1 to ${mostKeys}`,
      'passkeys.max',
    )
  }
  const origins = checkedOrigins(options.origins, rpId)
  const webAuthn = loadWebAuthn(tools)
  return { ...tools, rpId, rpName, origins, userVerification, residentKey, max, webAuthn }
}
