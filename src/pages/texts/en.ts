/** English. */

import type { PageTexts } from './page-texts.js'

/** The texts of the pages in English; also what problems say to programs. */
export const en: PageTexts = {
  headings: {
    challenge: 'Confirm it is you',
    confirmNumber: 'Confirm your number',
    passed: 'It is confirmed',
    phone: 'Your phone number',
    message: 'Second factor',
  },
  sent: {
    sms: 'A code of {digits} digits was sent to {number}.',
    call: 'A call to {number} tells you a code of {digits} digits.',
    whatsapp: 'A code of {digits} digits was sent to {number} by WhatsApp.',
  },
  validFor: 'It is valid for {duration}.',
  triesLeft: { one: '{count} try is left.', other: '{count} tries are left.' },
  noTriesLeft: 'No tries are left: ask for a new code.',
  sentAgain: 'The same code was sent again.',
  code: 'Code',
  codeFormat: '{digits} digits',
  confirm: 'Confirm',
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
  otherNumber: 'Use another number',
  otherAccount: 'Use another account',
  logIn: 'Log in',
  toChallenge: 'Go to the code page',
  passed: 'You have confirmed that it is you.',
  goOn: 'Continue',
  confirmAgain: 'Confirm again with a new code',
  changeNumber: 'Change the phone number',
  phone: 'Phone number, with country code',
  phoneUse: 'When you log in, a code is sent to this number.',
  phoneExample: 'For example {example}',
  phoneNow:
    'Your number is {number}. When you change it, every other session has to confirm again with a code.',
  phoneTold: 'The old number gets a message that it was replaced.',
  phoneSend: 'Send a code to this number',
  smsIsWeak:
    'Text messages are safer than a password alone, but they can be intercepted, and numbers can be taken over. An app or a security key is safer where one is offered.',
  neverShare: 'Nobody else needs this code. Do not give it to anybody, not even to support.',
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
    destination_missing: 'There is no phone number to send a code to. Add one first.',
    destination_invalid: 'That phone number cannot receive a code. Check it.',
    destination_blocked: 'Codes cannot be sent to that phone number. Use another one.',
    unknown_number: 'The code is right, but no user has that phone number.',
    attempts_exhausted: 'Too many wrong codes. Ask for a new one.',
    cooldown: 'A code was sent a moment ago. Wait before asking for another.',
    send_limit: 'Too many codes were sent. Use the last one, or try again later.',
    locked_out: 'Too many wrong codes. The second factor is locked.',
    delivery_failed:
      'The code may not have been sent. If it arrives, type it; if not, ask for it again.',
    service_misconfigured: 'Codes cannot be sent at the moment. Contact support.',
    delivery_unavailable: 'Codes cannot be sent at the moment. Try again shortly.',
    store_unavailable: 'The service is not available at the moment. Try again shortly.',
  },
  tryAgainIn: 'Try again in {duration}.',
  lockedUntil: 'The lock ends at {time}.',
  contactSupport: 'Contact support.',
  notDelivered: {
    unreachable:
      'The message has not reached the phone. Switch it on where it has a signal, then ask again.',
    number_invalid:
      'The message did not arrive: this number cannot receive it. Use another one, or contact support.',
    blocked: 'The message was stopped on its way. Use another number, or contact support.',
    not_delivered: 'The message did not arrive. Check the number, or ask again.',
  },
}
