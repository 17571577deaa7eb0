/** A guard that asks Twilio Lookup for the line type of a new phone before a code is sent to it. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { SendGuard } from '../../factors/phone/ports/send-guard.js'
import { resolveTimeout } from '../http/deadline.js'
import { fields } from '../http/fields.js'
import { misconfigured } from '../http/misconfigured.js'
import { accessOptions, resolveAccess, type TwilioAccess } from './access.js'
import { callerOf, callTwilio } from './call.js'
import { sendFailure, type TwilioFault } from './errors.js'
import type { TwilioLookupClient } from './twilio-like.js'

/** Lookup's line types. */
export type TwilioLineType = (typeof lineTypes)[number]

const lineTypes = [
  ...([
    'landline',
    'mobile',
    'fixedVoip',
    'nonFixedVoip',
    'personal',
    'tollFree',
    'premium',
  ] as const),
  ...(['sharedCost', 'uan', 'voicemail', 'pager', 'unknown'] as const),
]

/** Options of `twilioLookup`. */
export type TwilioLookupOptions = TwilioAccess<TwilioLookupClient> & {
  /**
   * The line types that are sent no codes.
   *
   * @default ['landline', 'nonFixedVoip', 'premium', 'sharedCost', 'tollFree', 'voicemail', 'pager']
   */
  readonly refuse?: readonly TwilioLineType[] | undefined
  /**
   * Timeout of one call, in seconds; at most 3, the time that a guard has.
   *
   * @default 2.5
   */
  readonly timeoutSeconds?: number | undefined
}

const factory = 'twilioLookup'

const refusedByDefault: readonly TwilioLineType[] = [
  ...(['landline', 'nonFixedVoip', 'premium', 'sharedCost'] as const),
  ...(['tollFree', 'voicemail', 'pager'] as const),
]

/**
 * Makes a guard for `limits.guards`. It looks up only new phones, and each once a day, because Twilio charges for every
 * lookup. While the counts are unavailable, it looks up every message's phone. A line whose type Twilio does not know, such
 * as any in Canada, is sent a code. If Twilio fails, the guard fails, and `limits.whenUnavailable` decides. If an operator
 * has to act, the `reason` of `guard_failed` says why.
 *
 * @throws ConfigurationError for a missing, contradictory or malformed option.
 * @example
 * const guards = [twilioLookup({ accountSid, authToken, refuse: ['nonFixedVoip', 'landline'] })]
 */
export function twilioLookup(options: TwilioLookupOptions): SendGuard {
  const known = { ...accessOptions, refuse: true, timeoutSeconds: true } as const
  assertKnownOptions(factory, options, known)
  const { refuse = refusedByDefault } = options
  const isLine = (type: unknown) => lineTypes.some((each) => each === type)
  if (!Array.isArray(refuse) || !refuse.every(isLine)) {
    misconfigured(factory, 'refuse', `must be a list of ${lineTypes.join(', ')}`)
  }
  const timeoutSeconds = resolveTimeout(factory, options.timeoutSeconds ?? 2.5)
  if (timeoutSeconds > 3) misconfigured(factory, 'timeoutSeconds', 'must be at most 3')
  const access = resolveAccess<TwilioLookupClient>(factory, options, 'lookups')
  const caller = callerOf(access, timeoutSeconds, ({ lookups }) => lookups.v2)
  return {
    name: 'twilio-lookup',
    async check({ to, phoneClass, isFirstInDay }) {
      if (phoneClass !== 'new' || !isFirstInDay) return { verdict: 'allow' }
      const { response, fault } = await callTwilio(caller, ({ lookups }) =>
        lookups.v2.phoneNumbers(to).fetch({ fields: 'line_type_intelligence' }),
      )
      if (fault !== undefined) throw lookupError(fault)
      const { type } = fields(fields(response)['lineTypeIntelligence'])
      const isRefused = refuse.some((each) => each === type)
      return isRefused ? { verdict: 'refuse', reason: 'destination_blocked' } : { verdict: 'allow' }
    },
  }
}

/** Reports a fault that an operator has to mend by Twilio's code, and never repeats Twilio's message. */
function lookupError(fault: TwilioFault): Error {
  const failure = sendFailure(fault)
  // The phone is part of the path: a 404 is about the phone.
  const isOfPhone = fault.kind === 'refused' && fault.status === 404
  if (failure.status !== 'operator_fault' || isOfPhone) {
    return new Error('twilio did not report the line type')
  }
  const remedy =
    fault.kind === 'refused' ? '; check the credentials, and that the account may use Lookup' : ''
  return new ConfigurationError(`${factory}: ${failure.reason}${remedy}`)
}
