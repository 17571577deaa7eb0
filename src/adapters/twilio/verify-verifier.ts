/** Lets Twilio Verify make, send and judge the codes. */

import type {
  HostedCheck,
  HostedCheckResult,
  HostedStartResult,
  HostedVerifier,
} from '../../ports/hosted-verifier.js'
import { callerOf, callTwilio } from './call.js'
import { checkFailure, fields, sendFailure } from './errors.js'
import type { TwilioVerifyClient, TwilioVerifyService } from './twilio-like.js'
import { hashWith, verificationOf } from './verification-request.js'
import { resolveVerifyOptions, type TwilioVerifyOptions } from './verify-options.js'

const sidForm = /^VE\w{1,62}$/

/** A verification with one of these will not approve any code. */
const endedStatuses: readonly unknown[] = [
  'canceled',
  'max_attempts_reached',
  'deleted',
  'failed',
  'expired',
]

/**
 * Makes a verifier on a Twilio Verify Service. Needs the package `twilio` (6.2 or later), which is
 * loaded in the background, unless a `client` is given. Turn custom codes off at the Service: this
 * verifier never sends one.
 *
 * A code passes only where Twilio approves this very verification for this very number. Nothing is
 * asked twice: a check that was not answered may have used the code up.
 *
 * @throws ConfigurationError for an unknown, missing or contradictory option.
 */
export function twilioVerify(options: TwilioVerifyOptions): HostedVerifier {
  const { access, serviceSid, channels, codeLength, rateLimits, timeoutSeconds } =
    resolveVerifyOptions(options)
  const service = (client: TwilioVerifyClient) => client.verify.v2.services(serviceSid)
  const caller = callerOf(access, timeoutSeconds, (client) => service(client).verifications)
  const call = (work: (service: TwilioVerifyService) => Promise<unknown>) =>
    callTwilio(caller, (client) => work(service(client)))
  const hash = hashWith(access.account?.password ?? serviceSid)

  return {
    channels,
    codeLength,
    async start(request) {
      if (!channels.includes(request.channel)) {
        return { status: 'operator_fault', reason: 'the channel is not among the verifier’s' }
      }
      const wanted = verificationOf(request, rateLimits, hash)
      const { answer, fault } = await call(({ verifications }) => verifications.create(wanted))
      return fault === undefined ? readStart(answer) : sendFailure(fault)
    },
    async check(request) {
      const code = request.code.reveal()
      // Twilio answers anything else with a 400, and a code of ours is never anything else.
      if (!/^\d{4,10}$/.test(code)) return { status: 'incorrect' }
      const wanted = { verificationSid: request.ref, code }
      const { answer, fault } = await call(({ verificationChecks }) =>
        verificationChecks.create(wanted),
      )
      return fault === undefined ? readCheck(answer, request) : checkFailure(fault)
    },
    async cancel(ref) {
      if (!sidForm.test(ref)) return
      // Where it fails the verification lives on at Twilio, for ten minutes, and nobody asks for it.
      await call(({ verifications }) => verifications(ref).update({ status: 'canceled' }))
    },
  }
}

function readStart(answer: unknown): HostedStartResult {
  const { sid, status } = fields(answer)
  return typeof sid === 'string' && sidForm.test(sid) && status === 'pending'
    ? { status: 'started', ref: sid }
    : { status: 'maybe_sent', reason: 'twilio gave no readable answer' }
}

/** Only an approval of this verification for this number is a yes; a 2xx alone says nothing. */
function readCheck(answer: unknown, { ref, to }: HostedCheck): HostedCheckResult {
  const { sid, status, to: number } = fields(answer)
  if (status === 'approved' && sid === ref && number === to) return { status: 'approved' }
  if (status === 'pending') return { status: 'incorrect' }
  if (endedStatuses.includes(status)) return { status: 'ended' }
  return { status: 'unavailable', judged: 'maybe' }
}
