/** Applies the limits on sends, if the application has any. */

import type { Refusal } from '../../core/refusal.js'
import type { PhoneContext } from './context.js'
import type { SendRequest } from './issue-challenge.js'
import type { Admission } from './limits/send-limits.js'
import type { Issued } from './rules/challenge.js'

const unlimited: Admission = { status: 'admitted', settle: () => Promise.resolve() }

/** Admits the message of a challenge and counts it, or refuses it. */
export async function admitSend(
  { limits }: PhoneContext<never>,
  { subject, clientIp, phoneClass = 'new' }: SendRequest,
  { challenge, resent }: Issued,
): Promise<Admission | Refusal> {
  if (limits === null) return unlimited
  const { purpose, channel, destination } = challenge
  return limits.admit({
    ...{ subject, purpose, channel, resent, clientIp: clientIp ?? null },
    to: destination,
    issuedAt: challenge.issuedAt,
    // Nobody has proved a phone that is being enrolled, even if the application's own phone for this user is
    // verified.
    phoneClass: purpose === 'enrolment' ? 'new' : phoneClass,
  })
}
