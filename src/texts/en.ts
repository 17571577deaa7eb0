/** English. */

import {
  named,
  titled,
  type MessageTemplate,
  type PhoneMessages,
  type ReplacedTemplate,
} from './phone-messages.js'
import type { Texts } from './texts.js'

/** The texts of the pages in English; also the details of problems. */
export const en: Texts = {
  headings: { passed: 'It is confirmed', message: 'Second factor' },
  triesLeft: { one: '{count} try is left.', other: '{count} tries are left.' },
  noTriesLeft: 'No tries are left: ask for a new code.',
  code: 'Code',
  confirm: 'Confirm',
  otherAccount: 'Use another account',
  logIn: 'Log in',
  toChallenge: 'Go to the code page',
  passed: 'You have confirmed that it is you.',
  goOn: 'Continue',
  refusals: {
    malformed_request: 'Type the digits of the code, or the whole phone number.',
    method_not_allowed: 'This address does not answer that method.',
    body_too_large: 'The request is too large.',
    unsupported_media_type: 'Send JSON or a form.',
    login_required: 'Log in with your password first.',
    second_factor_required: 'Confirm that it is you with a code first.',
    second_factor_stale: 'Confirm again that it is you: this needs a fresh code.',
    cross_site_request: 'The request came from another site. Open the page here and try again.',
    code_incorrect: 'That code is not right.',
    code_expired: 'That code has expired. Ask for a new one.',
    no_challenge: 'No code is waiting for you here. Ask for one.',
    attempts_exhausted: 'Too many wrong codes. Ask for a new one.',
    locked_out: 'Too many wrong codes. The second factor is locked.',
    store_unavailable: 'The service is not available at the moment. Try again shortly.',
  },
  tryAgainIn: 'Try again in {duration}.',
  lockedUntil: 'The lock ends at {time}.',
  contactSupport: 'Contact support.',
  phone: {
    headings: {
      challenge: 'Confirm it is you',
      verify: 'Confirm your number',
      phone: 'Your phone number',
    },
    sent: {
      sms: 'A code of {digits} digits was sent to {number}.',
      call: 'A call to {number} tells you a code of {digits} digits.',
      whatsapp: 'A code of {digits} digits was sent to {number} by WhatsApp.',
    },
    validFor: 'It is valid for {duration}.',
    sentAgain: 'The same code was sent again.',
    codeFormat: '{digits} digits',
    nothingCame: 'No code yet?',
    nothingCameAdvice:
      'A message may take a minute or two. Check that the phone has a signal and that the number is right.',
    send: 'Send me a code',
    sendAgain: 'Send the code again',
    sendBy: {
      sms: 'Send it as a text message',
      call: 'Call me instead',
      whatsapp: 'Send it by WhatsApp',
    },
    sendIn: 'Possible in {duration}.',
    sendNow: 'You can ask for it now.',
    otherPhone: 'Use another number',
    confirmAgain: 'Confirm again with a new code',
    changePhone: 'Change the phone number',
    label: 'Phone number, with country code',
    use: 'When you log in, a code is sent to this number.',
    example: 'For example {example}',
    countryCode:
      'The country code is missing or unclear: begin with + and the country code, as in {example}.',
    present:
      'Your number is {number}. When you change it, every other session has to confirm again with a code.',
    replacedNotice: 'The old number gets a message that it was replaced.',
    sendToPhone: 'Send a code to this number',
    smsIsWeak:
      'Text messages are safer than a password alone, but they can be intercepted, and numbers can be taken over. An app or a security key is safer where one is offered.',
    neverShare: 'Nobody else needs this code. Do not give it to anybody, not even to support.',
    notDelivered: {
      unreachable:
        'The message has not reached the phone. Switch it on where it has a signal, then ask again.',
      number_invalid:
        'The message did not arrive: this number cannot receive it. Use another one, or contact support.',
      blocked: 'The message was stopped on its way. Use another number, or contact support.',
      not_delivered: 'The message did not arrive. Check the number, or ask again.',
    },
    refusals: {
      destination_missing: 'There is no phone number to send a code to. Add one first.',
      destination_invalid:
        'That phone number cannot receive a code. Check it, country code included.',
      destination_blocked: 'Codes cannot be sent to that phone number. Use another one.',
      unknown_number: 'The code is right, but no user has that phone number.',
      cooldown: 'A code was sent a moment ago. Wait before asking for another.',
      send_limit: 'Too many codes were sent. Use the last one, or try again later.',
      delivery_failed:
        'The code may not have been sent. If it arrives, type it; if not, ask for it again.',
      service_misconfigured: 'Codes cannot be sent at the moment. Contact support.',
      delivery_unavailable: 'Codes cannot be sent at the moment. Try again shortly.',
    },
  },
}

const codeMessage: MessageTemplate = ({ code, appName, minutes }) =>
  `${code} is your ${named(appName)}code. It is valid for ${minutes} min. Do not share it.`

const replacedMessages: readonly ReplacedTemplate[] = [
  ({ appName, lastDigits }) =>
    `${titled(appName)}Your phone number was replaced by one ending in ${lastDigits}. If that was not you, contact support now.`,
  ({ appName, lastDigits }) =>
    `${titled(appName)}Your number changed to ..${lastDigits}. Not you? Contact support.`,
]

/** The text messages in English, the best wording first. */
export const enMessages: PhoneMessages = {
  code: [codeMessage],
  replaced: replacedMessages,
}
