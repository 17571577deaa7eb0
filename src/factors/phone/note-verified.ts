/** Counts right codes in the limits. */

import { isRefusal } from '../../core/refusal.js'
import type { Attempt } from '../../ports/attempt.js'
import type { PhoneContext } from './context.js'
import type { Challenge } from './rules/part.js'
import type { GivenPhone } from './users.js'

/** Counts the messages of a right code as verified, if the application has limits. */
export function noteVerified(
  { limits }: PhoneContext<never>,
  { purpose, prepared, clientIp }: Attempt,
  { destination, channel, issuedAt, sends }: Challenge,
): void {
  if (limits === null) return
  const current = (prepared as GivenPhone | undefined)?.destination
  const isKnown = purpose === 'sign-in' && current !== undefined && !isRefusal(current)
  limits.noteVerified({
    ...{ to: destination, channel, issuedAt, sends, clientIp: clientIp ?? null },
    phoneClass: isKnown ? current.phoneClass : 'new',
  })
}
