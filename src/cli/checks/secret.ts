/** Checks that secrets cannot be guessed, and are not used for the session too. */

import { keyIdsOf, minimumSecretBytes } from '../../core/keys.js'
import { finding, type Finding } from './finding.js'

/** Fewer distinct characters than this are not random: 32 random bytes have more than 20. */
const leastCharacters = 16

/** Checks the option `secret`. It never prints a secret. */
export function checkSecrets(
  secret: string | readonly string[] | undefined,
  elsewhere: readonly string[],
): readonly Finding[] {
  if (secret === undefined) {
    return [finding('warn', 'secret', 'not checked: give secret in the configuration')]
  }
  const secrets = [secret].flat()
  const [issuing = 'none'] = keyIdsOf(secrets)
  return [
    finding('ok', 'secret', `${secrets.length} in force; ${issuing} makes new codes and seals`),
    ...secrets.flatMap((each, index) => weaknesses(`secret ${index + 1}`, each, elsewhere)),
  ]
}

function weaknesses(about: string, secret: string, elsewhere: readonly string[]): Finding[] {
  const found: Finding[] = []
  if (Buffer.byteLength(secret) < minimumSecretBytes) {
    found.push(
      finding('fail', about, `has less than ${minimumSecretBytes} bytes; make one with new-secret`),
    )
  } else if (new Set(secret).size < leastCharacters) {
    found.push(finding('fail', about, 'does not look random; make one with new-secret'))
  }
  if (elsewhere.includes(secret)) {
    found.push(finding('fail', about, 'is also the session secret: use two different ones'))
  }
  return found
}
