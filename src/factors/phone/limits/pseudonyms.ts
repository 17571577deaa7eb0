/** Pseudonyms of phones, accounts and networks: keyed hashes, which a list of all phones cannot reverse. */

import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

import { ConfigurationError } from '../../../core/errors.js'
import { minimumSecretBytes } from '../../../core/keys.js'
import type { FactorTools } from '../../../ports/factor-tools.js'

/** The pseudonym of a value of one kind. */
export type Pseudonym = (kind: 'phone' | 'account' | 'network', value: string) => string

/**
 * Makes pseudonyms with the application's own key, or with one derived from its oldest secret, because adding a new
 * secret must not reset the counts.
 *
 * @throws ConfigurationError if there is neither, or the key is shorter than 32 bytes.
 */
export function pseudonyms(key: string | undefined, tools: Pick<FactorTools, 'keys'>): Pseudonym {
  const secret = key === undefined ? oldestSecret(tools) : keyOf(key)
  const derived = hkdfSync('sha256', secret, '', 'passport-second-factor limits v1', 32)
  const hashKey = createSecretKey(Buffer.from(derived))
  return (kind, value) =>
    createHmac('sha256', hashKey).update(`${kind}\0${value}`).digest().toString('base64url', 0, 16)
}

function keyOf(key: string): KeyObject {
  if (typeof key === 'string' && Buffer.byteLength(key) >= minimumSecretBytes) {
    return createSecretKey(key, 'utf8')
  }
  throw new ConfigurationError(
    `limits.key needs at least ${minimumSecretBytes} bytes; give a longer one`,
    'limits.key',
  )
}

function oldestSecret({ keys }: Pick<FactorTools, 'keys'>): KeyObject {
  try {
    const ring = keys()
    const key = ring.key(ring.keyIds.at(-1) ?? '')
    if (key !== null) return key
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
  }
  throw new ConfigurationError(
    'limits need a key for their hashes; give secret or limits.key',
    'limits.key',
  )
}
