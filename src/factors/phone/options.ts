/** Checks the phone factor's options, and builds its context. */

import { ConfigurationError } from '../../core/errors.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { UserDirectory } from '../../ports/user-directory.js'
import type { PhoneContext } from './context.js'
import { hostedDelivery, localDelivery } from './delivery.js'
import { resolveLimits, type LimitsOptions } from './limits/options.js'
import { sendLimits } from './limits/send-limits.js'
import { messageComposer, type MessageOptions } from './message/message.js'
import { examplePhone, phoneParser, type PhoneOptions } from './phone-number.js'
import type { CodeSender } from './ports/code-sender.js'
import type { HostedVerifier } from './ports/hosted-verifier.js'
import type { PhoneDirectory } from './ports/phone-directory.js'
import type { ReceiptSource } from './ports/receipt-source.js'
import { setUpMistakes } from './set-up-mistakes.js'
import { createPhoneUsers } from './users.js'

/** The phone factor's own options. */
export interface PhoneFactorOptions<User> {
  /**
   * Sends our own codes: `twilioSender`, `consoleSender`, or yours. For several channels, a list with one sender for
   * each, the default first. Give either this or `verifier`.
   */
  readonly sender?: CodeSender | readonly CodeSender[] | undefined
  /** Makes, sends and judges its own codes, under the limits here: `twilioVerify`. */
  readonly verifier?: HostedVerifier | undefined
  /**
   * Vendors that report deliveries to `receiptsRouter()`: `twilioReceipts`, `textbeeReceipts`, or yours. Needs a
   * `sender`; each start then takes one more read and write.
   *
   * @default none
   */
  readonly receipts?: readonly ReceiptSource[] | undefined
  /**
   * The phones that are accepted.
   *
   * @default phones in international form, of any country
   */
  readonly phone?: PhoneOptions | undefined
  /**
   * The text of messages.
   *
   * @default a sentence with `appName`, in the person's language or in English
   */
  readonly message?: MessageOptions | undefined
  /**
   * Limits on messages across all users and processes, against attackers who have messages sent at your cost.
   *
   * @default none
   */
  readonly limits?: LimitsOptions | undefined
  readonly users: UserDirectory<User> & PhoneDirectory<User>
}

/** The names of the options above. */
export const phoneOptionNames = {
  sender: true,
  verifier: true,
  receipts: true,
  phone: true,
  message: true,
  limits: true,
} as const satisfies Record<Exclude<keyof PhoneFactorOptions<never>, 'users'>, true>

/** The names of the callbacks about phones. */
export const phoneDirectoryNames: Readonly<Record<keyof PhoneDirectory<never>, true>> = {
  phone: true,
  setVerifiedPhone: true,
  findByPhone: true,
  channels: true,
}

/**
 * Checks the options, and builds the factor's context.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
 */
export function resolvePhoneOptions<User>(
  options: PhoneFactorOptions<User>,
  tools: FactorTools,
): PhoneContext<User> {
  const { users, receipts = [], limits } = options
  if (users.phone !== undefined && typeof users.phone !== 'function') {
    throw new ConfigurationError(
      'users.phone must be a function, such as (user) => user.phone; leave it out to keep verified phones in the store',
      'users.phone',
    )
  }
  const parsePhone = phoneParser(options.phone)
  return {
    ...tools,
    ...codesOf(options, tools),
    users: createPhoneUsers(users, parsePhone, tools),
    mistakes: setUpMistakes(tools),
    keepsReceipts: receipts.length > 0,
    parsePhone,
    limits:
      limits === undefined
        ? null
        : sendLimits(resolveLimits(limits, tools, receipts.length > 0), tools),
    examplePhone: (locale) => examplePhone(options.phone, locale),
  }
}

/** The maker of codes and their delivery: our own codes through senders, or a vendor's. */
function codesOf(
  { sender, verifier, message, receipts = [] }: Omit<PhoneFactorOptions<never>, 'users'>,
  tools: FactorTools,
): Pick<PhoneContext, 'codeLength' | 'ring' | 'delivery' | 'verifier'> {
  const { policy, appName } = tools
  if ((sender === undefined) === (verifier === undefined)) {
    throw new ConfigurationError('give a sender or a verifier, but not both', 'verifier')
  }
  if (verifier !== undefined) {
    if (receipts.length > 0) {
      throw new ConfigurationError(
        'receipts need a sender, because a verifier reports no deliveries; leave them out',
        'receipts',
      )
    }
    const codeLength = codeLengthOf(verifier, policy.standards)
    return { codeLength, ring: null, delivery: hostedDelivery(verifier), verifier }
  }
  const senders = sendersOf(sender)
  const ring = tools.keys()
  const { codeLength } = policy
  const compose = messageComposer({ ...message, appName: message?.appName ?? appName }, policy)
  const delivery = localDelivery(senders, ring, compose, codeLength)
  return { codeLength, ring, delivery, verifier: null }
}

function codeLengthOf(verifier: HostedVerifier, standards: 'strict' | 'relaxed'): number {
  needVerbs('verifier', verifier, ['start', 'check', 'cancel'], 'twilioVerify({ … })')
  const { codeLength } = verifier
  const least = standards === 'strict' ? 6 : 4
  if (Number.isInteger(codeLength) && codeLength >= least && codeLength <= 10) return codeLength
  throw new ConfigurationError(
    `verifier.codeLength must be a whole number from 6 to 10, or from 4 with policy.standards 'relaxed'`,
    'verifier.codeLength',
  )
}

function sendersOf(sender: PhoneFactorOptions<never>['sender']): readonly CodeSender[] {
  const senders = Array.isArray(sender) ? (sender as readonly CodeSender[]) : [sender as CodeSender]
  for (const each of senders) {
    needVerbs('sender', each, ['send'], 'twilioSender({ … }) or consoleSender()')
  }
  if (new Set(senders.map(({ channel }) => channel)).size === Math.max(1, senders.length)) {
    return senders
  }
  throw new ConfigurationError(
    'sender: give one sender for each channel; combine several for one channel with failoverSender([…])',
    'sender',
  )
}

function needVerbs(
  option: string,
  value: unknown,
  verbs: readonly string[],
  example: string,
): void {
  const input = typeof value === 'object' && value !== null ? value : {}
  if (verbs.every((verb) => typeof Reflect.get(input, verb) === 'function')) return
  throw new ConfigurationError(`${option} needs ${verbs.join(', ')}; give ${example}`, option)
}
