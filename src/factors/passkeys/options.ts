/** The options of passkeys, checked once. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { PasskeysContext, Requirement } from './context.js'
import { checkedOrigins, checkedRpId } from './relying-party.js'
import { mostKeys } from './rules/part.js'
import { loadWebAuthn } from './webauthn.js'

/** Where passkeys are used, and how they are asked for. */
export interface PasskeysOptions {
  /**
   * The domain that passkeys are bound to, such as `example.com`, or `localhost`; never an IP address. They also work on
   * its subdomains that `origins` names. Whoever changes it makes every passkey useless.
   */
  readonly rpId: string
  /**
   * The application's name as prompts show it.
   *
   * @default `appName`, or else `rpId`
   */
  readonly rpName?: string | undefined
  /**
   * The origins on which passkeys count, with their ports: `rpId` or below it, and `https:` but for localhost. Required
   * where `rpId` is `localhost`.
   *
   * @default [`https://${rpId}`]
   */
  readonly origins?: readonly string[] | undefined
  /**
   * Whether the authenticator has to make sure who uses it, by a PIN or a fingerprint: after a password that is a third
   * step. With `required`, others are refused.
   *
   * @default 'discouraged'
   */
  readonly userVerification?: Requirement | undefined
  /**
   * Whether security keys give up one of their few slots. Password managers keep a passkey in any case.
   *
   * @default 'discouraged'
   */
  readonly residentKey?: Requirement | undefined
  /**
   * Passkeys that one person may have, 1 to 5.
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
 * Checks the options, and makes what the factor works with.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
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
    throw new ConfigurationError(
      'passkeys.rpName must be a string with something in it',
      'passkeys.rpName',
    )
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
