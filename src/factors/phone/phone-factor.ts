/** The phone as a factor: codes that are sent to it. */

import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import { isForSubject } from '../../core/subject.js'
import type { Factor } from '../../ports/factor.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import { completePhone } from './complete.js'
import type { PhoneContext } from './context.js'
import './events.js'
import { subjectOf } from './for-subject.js'
import { judgeCode } from './judge.js'
import { resolvePhoneOptions, type PhoneFactorOptions } from './options.js'
import { phoneRoutes, requestedChannel } from './routes.js'
import { statuses } from './refusals.js'
import { abandon } from './rules/challenge.js'
import { kind, method, partOf, readPart } from './rules/part.js'
import { afterReset, afterSuccess, phoneKeepUntil } from './rules/reset.js'
import { nextSendAt } from './rules/send-ledger.js'
import { readCodeField } from './rules/typed-code.js'
import { runningView } from './rules/view.js'
import { sessionPage } from './session-page.js'
import { endVerification } from './shared-verification.js'
import { startChallenge } from './start-challenge.js'
import type { Destination } from './users.js'

/** What an operator sees of sent codes. */
export interface PhoneStatus {
  /** When the next message may go out; `null` where one may now. */
  readonly nextSendAt: Date | null
  /** Messages since the ladder of waits last began. */
  readonly sends: number
}

/** The factor, and what its endpoints without a login work with. */
export interface PhoneFactor<User> {
  readonly factor: Factor<User>
  readonly context: PhoneContext<User>
}

/**
 * Makes the phone factor.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
 */
export function phoneFactor<User>(
  options: PhoneFactorOptions<User>,
  tools: FactorTools,
): PhoneFactor<User> {
  const context = resolvePhoneOptions(options, tools)
  const { users, policy } = context
  const tellOfMissing = missingPhoneTeller(tools)
  const factor: Factor<User> = {
    kind,
    method,
    amr: ['otp', 'sms', 'mfa'],
    isGuessable: true,
    isPhishingResistant: false,
    locales: context.delivery.locales,
    async isAvailable(user) {
      return (await users.destination(user)).status === 'found'
    },
    async start(request) {
      const channel = await requestedChannel(context, request)
      if (isRefusal(channel)) return { challengeId: null, answer: channel }
      const { subject, user, challengeId, locale, clientIp } = request
      const destination = await users.destination(user)
      if (!users.keepsPhones && !isForSubject(user)) tellOfMissing(destination)
      return startChallenge(context, {
        ...{ subject, locale, clientIp, purpose: 'sign-in' },
        ...{ channel: channel.channel, allowed: channel.allowed },
        destination: isRefusal(destination) ? destination : destination.number,
        isVerified: isRefusal(destination) || destination.verified,
        ownId: challengeId,
      })
    },
    readEvidence(fields) {
      const code = readCodeField(fields, 'code', context.codeLength)
      return isRefusal(code) ? code : code.text
    },
    async prepare(target) {
      const destination = await users.destination(target)
      // A subject of the caller's own may be named without its phone.
      if (isRefusal(destination) && isForSubject(target)) return undefined
      return isRefusal(destination) ? destination : destination.number
    },
    judge: (row, now, attempt) => judgeCode(context, row, now, attempt),
    complete: (request) => completePhone(context, request),
    view: (row, now, challengeId) => runningView(row, now, context, challengeId),
    status(row, now): PhoneStatus {
      const { sends } = partOf(row)
      const sendAt = nextSendAt(sends, now, policy)
      return { nextSendAt: sendAt === null ? null : new Date(sendAt), sends: sends.count }
    },
    giveUp: abandon,
    async cancel(row) {
      const { challenge } = readPart(row.factors[kind])
      if (challenge !== null) await endVerification(context, challenge, row)
    },
    afterSuccess,
    afterReset: (row, scope, now) => afterReset(row, scope, now, policy),
    keepUntil: phoneKeepUntil,
    async otherSubjects(target) {
      const destination = isForSubject(target)
        ? refusal('destination_missing')
        : await users.destination(target)
      return isRefusal(destination) ? [] : [subjectOf(destination.number)]
    },
    pageNames: ['challenge', 'phone'],
    page: (request) => sessionPage(context, request),
    routes: users.keepsPhones ? phoneRoutes(context) : [],
    statuses,
    sentence(code, { texts }) {
      const sentences: Readonly<Partial<Record<string, string>>> = texts.phone.refusals
      return sentences[code]
    },
  }
  return { factor, context }
}

/** Tells, once, that a person without a phone can neither pass nor add one. */
function missingPhoneTeller({ emit }: FactorTools): (destination: Destination | Refusal) => void {
  let isTold = false
  return (destination) => {
    if (isTold || !isRefusal(destination) || destination.code !== 'destination_missing') return
    isTold = true
    emit({
      type: 'set_up_mistake',
      option: 'users.setVerifiedPhone',
      message:
        'a user without a phone is asked for a code, and the pages can add no phone without users.setVerifiedPhone: ' +
        'give it, or let users.isRequired return false for users without a phone',
    })
  }
}
