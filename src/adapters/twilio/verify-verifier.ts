/** Leaves making, sending and checking codes to Twilio Verify. */

import type {
  HostedCheck,
  HostedCheckResult,
  HostedStartResult,
  HostedVerifier,
} from '../../factors/phone/ports/hosted-verifier.js'
import { fields } from '../http/fields.js'
import { callerOf, callTwilio } from './call.js'
import { checkFailure, sendFailure } from './errors.js'
import type { TwilioVerifyClient, TwilioVerifyService } from './twilio-like.js'
import { hashWith, verificationOf } from './verification-request.js'
import { resolveVerifyOptions, type TwilioVerifyOptions } from './verify-options.js'

const sidForm = /^VE\w{1,62}$/

/** A verification with one of these statuses will not approve any code. */
const endedStatuses: readonly unknown[] = [
  'canceled',
  'max_attempts_reached',
  'deleted',
  'failed',
  'expired',
]

/**
 * Makes a verifier on a Twilio Verify Service. Needs the package `twilio` (6.2 or later), which is
 * loaded in the background, unless you pass a `client`. Turn custom codes off in the Service: this
 * verifier never sends one.
 *
 * A code passes only if Twilio approves it for the same verification and the same phone. Calls are
 * never retried: a check that got no response may have used up the code.
 *
 * @example
 * ```ts
 * import { twilioVerify } from 'passport-second-factor/twilio'
 *
 * const verifier = twilioVerify({
 *   accountSid: env.TWILIO_ACCOUNT_SID,
 *   authToken: env.TWILIO_AUTH_TOKEN,
 *   serviceSid: env.TWILIO_SERVICE_SID,
 *   channels: ['sms', 'call'],
 * })
 * ```
 *
 * @throws ConfigurationError for an unknown, missing or contradictory option.
 */
export function twilioVerify(options: TwilioVerifyOptions): HostedVerifier {
  const {
    access,
    serviceSid,
    enrolmentServiceSid,
    channels,
    codeLength,
    rateLimits,
    timeoutSeconds,
  } = resolveVerifyOptions(options)
  const serviceOf = (client: TwilioVerifyClient, sid: string) => client.verify.v2.services(sid)
  const caller = callerOf(
    access,
    timeoutSeconds,
    (client) => serviceOf(client, serviceSid).verifications,
  )
  const call = (sid: string, work: (service: TwilioVerifyService) => Promise<unknown>) =>
    callTwilio(caller, (client) => work(serviceOf(client, sid)))
  const placeOf = (ref: string) => placeIn(serviceSid, ref)
  const hash = hashWith(access.account?.password ?? serviceSid)

  return {
    channels,
    codeLength,
    async start(request) {
      if (!channels.includes(request.channel)) {
        const reason = 'the channel is not among the channels of twilioVerify'
        return { status: 'operator_fault', reason }
      }
      const verification = verificationOf(request, rateLimits, hash)
      const service = request.isVerified === false ? enrolmentServiceSid : serviceSid
      const { response, fault } = await call(service, ({ verifications }) =>
        verifications.create(verification),
      )
      if (fault !== undefined) return sendFailure(fault)
      return startResult(response, service === serviceSid ? '' : `${service}.`)
    },
    async check(request) {
      const code = request.code.reveal()
      // Twilio's codes have 4 to 10 digits, and it refuses anything else with a 400.
      if (!/^\d{4,10}$/.test(code)) return { status: 'incorrect' }
      const place = placeOf(request.ref)
      const check = { verificationSid: place.sid, code }
      const { response, fault } = await call(place.service, ({ verificationChecks }) =>
        verificationChecks.create(check),
      )
      return fault === undefined ? checkResult(response, request, place) : checkFailure(fault)
    },
    async cancel(ref) {
      const { service, sid } = placeOf(ref)
      if (!sidForm.test(sid)) return
      // A failure is harmless: the verification expires at Twilio within ten minutes, unused.
      await call(service, ({ verifications }) => verifications(sid).update({ status: 'canceled' }))
    },
  }
}

/** A verification's Service and id at Twilio. */
interface Place {
  readonly service: string
  readonly sid: string
}

/** Parses a ref: those of the second Service begin with the Service's id and a dot. */
function placeIn(serviceSid: string, ref: string): Place {
  const [first = '', second] = ref.split('.', 2)
  return second === undefined
    ? { service: serviceSid, sid: first }
    : { service: first, sid: second }
}

function startResult(response: unknown, prefix: string): HostedStartResult {
  const { sid, status } = fields(response)
  return typeof sid === 'string' && sidForm.test(sid) && status === 'pending'
    ? { status: 'started', ref: prefix + sid }
    : { status: 'maybe_sent', reason: 'twilio gave no readable answer' }
}

/** A 2xx alone proves nothing: Twilio must approve this verification, for this destination, in our Service. */
function checkResult(response: unknown, { to }: HostedCheck, place: Place): HostedCheckResult {
  const { sid, status, to: destination, serviceSid } = fields(response)
  const isOurs = sid === place.sid && destination === to && serviceSid === place.service
  if (status === 'approved' && isOurs) return { status: 'approved' }
  if (status === 'pending') return { status: 'incorrect' }
  if (endedStatuses.includes(status)) return { status: 'ended' }
  return { status: 'unavailable', judged: 'maybe' }
}
