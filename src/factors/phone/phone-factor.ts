/** The phone factor: codes that are sent to the user's phone. */

import { readOwnString } from '../../core/fields.js'
import { isRefusal, refusal } from '../../core/refusal.js'
import { isForSubject } from '../../core/subject.js'
import type { Factor } from '../../ports/factor.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import { completePhone } from './complete.js'
import type { PhoneContext } from './context.js'
import { isAudited } from './events.js'
import { subjectOf } from './for-subject.js'
import { phoneHealth, recentSends } from './health.js'
import { phoneInsight } from './insight.js'
import { keptPhone } from './kept-phone.js'
import { messagesRoute, phoneSection, switchedOn } from './manage.js'
import { noteVerified } from './note-verified.js'
import { notifyChanged } from './notify-changed.js'
import { judgeCode } from './judge.js'
import { resolvePhoneOptions, type PhoneFactorOptions } from './options.js'
import { phoneRoutes, requestedChannel } from './routes.js'
import { statuses } from './refusals.js'
import { abandon } from './rules/challenge.js'
import { kind, method, partOf, readPart, type ProvedChallenge } from './rules/part.js'
import { afterReset, afterSuccess, phoneKeepUntil } from './rules/reset.js'
import { mayProveItself } from './rules/may-prove.js'
import { nextSendAt } from './rules/send-ledger.js'
import { readCodeField } from './rules/typed-code.js'
import { runningView } from './rules/view.js'
import { sessionPage } from './session-page.js'
import { endVerification } from './shared-verification.js'
import { startChallenge } from './start-challenge.js'

/** The status of sent codes, for operators. */
export interface PhoneStatus {
  /** The time at which the next message may go out; `null` if it may now. */
  readonly nextSendAt: Date | null
  /** Messages since the resend ladder last started over. */
  readonly sends: number
}

/** The factor, and the context for its endpoints without a login. */
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
  const sends = recentSends(tools.clock)
  const emit: FactorTools['emit'] = (event) => {
    sends.note(event)
    tools.emit(event)
  }
  const context = resolvePhoneOptions(options, { ...tools, emit })
  const { users, policy, mistakes } = context
  const factor: Factor<User> = {
    kind,
    method,
    amr: ['otp', 'sms', 'mfa'],
    isGuessable: true,
    isPhishingResistant: false,
    locales: context.delivery.locales,
    async isAvailable(user, row) {
      const destination = await users.destination(user)
      if (isRefusal(destination)) return false
      const state = await row()
      return partOf(state).isOff !== true && mayProveItself(context, state, destination)
    },
    // With codes turned off nobody can pass by phone, so another factor has to stay.
    isHeld: async (user, row) =>
      partOf(await row()).isOff !== true && (await users.hasVerifiedPhone(user)),
    async start(request) {
      const channel = await requestedChannel(context, request)
      if (isRefusal(channel)) return channel
      const { subject, user, sessionKey, locale, clientIp, fields, row } = request
      const requested = readOwnString(fields, 'purpose')
      if (requested !== null && requested !== 'sign-in') return refusal('malformed_request')
      const destination = await users.destination(user)
      if (!users.keepsPhones && !isForSubject(user)) mistakes.noteStart(destination)
      return startChallenge(context, {
        ...{ subject, locale, clientIp, row, purpose: 'sign-in' },
        ...{ channel: channel.channel, allowed: channel.allowed },
        destination: isRefusal(destination) ? destination : destination.number,
        isVerified: isRefusal(destination) || destination.verified,
        phoneClass: isRefusal(destination) ? 'new' : destination.phoneClass,
        signsIn: requested !== null,
        sessionKey,
      })
    },
    readEvidence(fields) {
      const code = readCodeField(fields, 'code', context.codeLength)
      return isRefusal(code) ? code : code.text
    },
    async prepare(target) {
      const given = await users.given(target)
      // `forSubject` may name a subject without its phone.
      return isForSubject(target) && isRefusal(given.destination) ? undefined : given
    },
    judge: (row, now, attempt) => judgeCode(context, row, now, attempt),
    answered: (attempt, proof) => {
      noteVerified(context, attempt, proof as ProvedChallenge)
    },
    complete: (request) => completePhone(context, request),
    view: (row, now, sessionKey) => runningView(row, now, context, sessionKey),
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
    close: () => context.limits?.close() ?? Promise.resolve(),
    health: () => phoneHealth(tools, sends, options.limits?.counts ?? null),
    insight: phoneInsight(context),
    afterSuccess,
    whenAlone: switchedOn,
    afterReset: (row, scope, now) => afterReset(row, scope, now, policy),
    keepUntil: phoneKeepUntil,
    async otherSubjects(target) {
      const destination = isForSubject(target)
        ? refusal('destination_missing')
        : await users.destination(target)
      return isRefusal(destination) ? [] : [subjectOf(destination.number)]
    },
    isAudited,
    pageNames: ['challenge', 'phone'],
    page: (request) => sessionPage(context, request),
    routes: [...(users.keepsPhones ? phoneRoutes(context) : []), messagesRoute(context)],
    manage: phoneSection(context),
    listFacts: (row) => ({ messages: partOf(row).isOff !== true }),
    ...(users.ownsPhones ? { held: keptPhone } : {}),
    words: ({ texts }) => texts.phone.manage,
    factorChanged: (change) => notifyChanged(context, change),
    statuses,
    sentence(code, { texts }, wait) {
      const waits: Readonly<Partial<Record<string, string>>> = texts.phone.waits
      const sentences: Readonly<Partial<Record<string, string>>> = texts.phone.refusals
      return (wait ? waits[code] : undefined) ?? sentences[code]
    },
  }
  return { factor, context }
}
