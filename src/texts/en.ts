/** English. */

import { titled, type PhoneMessages } from './phone-messages.js'
import { enHeld } from './held/en.js'
import type { Texts } from './texts.js'

/** The texts of the pages in English, also used as the `detail` of problem responses. */
export const en: Texts = {
  headings: { passed: 'You’re verified', message: 'Something went wrong' },
  errorTitle: 'Error: {heading}',
  account: 'Account: {account}',
  help: 'Need help?',
  support: 'Contact support',
  contactSupport: 'Contact support.',
  working: 'One moment…',
  triesLeft: { one: 'You have {count} try left.', other: 'You have {count} tries left.' },
  noTriesLeft: 'That code isn’t right. You’ve run out of tries. Request a new code.',
  code: 'Code',
  confirm: 'Confirm',
  otherAccount: 'Log in to a different account',
  logIn: 'Log in',
  toChallenge: 'Back to the code',
  tryAgain: 'Try again',
  passed: 'You’ve confirmed it’s you.',
  goOn: 'Continue',
  refusals: {
    malformed_request: 'Something is missing or isn’t in the right format. Check it and try again.',
    method_not_allowed: 'This address doesn’t take that kind of request.',
    body_too_large: 'That’s too much data. Enter less and try again.',
    unsupported_media_type: 'Send JSON or a form.',
    login_required: 'Log in with your password first.',
    second_factor_required: 'Confirm it’s you with a code first.',
    second_factor_stale: 'For your security, enter a new code before you continue.',
    cross_site_request:
      'We blocked this because it came from another website. Start again from here.',
    second_factor_insufficient:
      'This needs another way to confirm it’s you. Choose one of those below.',
    code_incorrect: 'That code isn’t right. Check it and try again.',
    code_expired: 'That code has expired. Request a new one.',
    code_used: 'That code has already been used. Enter a new one.',
    factor_not_enrolled: 'That isn’t set up for your account. Choose another way.',
    setup_expired: 'The setup has expired, or something changed in the meantime. Start it again.',
    factor_limit: 'You can’t add another one of these. Remove one first.',
    last_factor:
      'You need at least one way to confirm it’s you. Add another before you remove this one.',
    factors_lost:
      'We can’t read your account’s second step right now, so we can’t let you in. Contact support.',
    no_challenge: 'There’s no active code in this browser. Request a new one.',
    attempts_exhausted: 'Too many wrong codes. Request a new one.',
    locked_out:
      'Too many wrong codes. For your security, this account doesn’t take codes any more. Contact support to unlock it. If it wasn’t you, change your password.',
    store_unavailable: 'The service isn’t available right now. Try again in a moment.',
  },
  waits: {
    attempts_exhausted: 'Too many wrong codes. You can request a new one in {duration}.',
    locked_out:
      'Too many wrong codes. For your security, you can’t enter a code until {time} (in {duration}). If it wasn’t you, change your password.',
    store_unavailable: 'The service isn’t available right now. Try again in {duration}.',
  },
  lockedNow:
    'That’s one wrong code too many. For your security, you can’t enter another until {time}. If it wasn’t you, change your password.',
  tryAgainIn: 'Try again in {duration}.',
  factors: {
    heading: 'Sign-in security',
    choose: 'Set up a second step',
    intro: 'These are your ways to confirm it’s you when you log in.',
    chooseIntro:
      'Choose how you’ll confirm it’s you when you log in. You’ll need it along with your password.',
    dueBy: 'You need to set one up by {time}.',
    otherWays: 'Other ways to confirm it’s you',
    added: 'Added {time}',
    used: 'Last used {time}',
    notUsed: 'Not used yet',
    unusable: 'This can’t be used right now. Contact support.',
    itemName: 'Name',
    rename: 'Rename',
    remove: 'Remove',
    cancel: 'Cancel',
    back: 'Back',
    manage: 'Manage sign-in security',
    notNow: 'Not now',
  },
  ...enHeld,
  devices: {
    trust: {
      one: 'Don’t ask me again on this device for {count} day',
      other: 'Don’t ask me again on this device for {count} days',
    },
    trustHint: 'Only tick this on a device that nobody else uses.',
    heading: 'Devices you trust',
    intro: 'On these devices you log in with your password only.',
    current: 'This device',
    unnamed: 'Unknown device',
    until: 'Trusted until {time}',
    remove: 'Ask me again here',
    removeAll: 'Ask me again on every device',
  },
  phone: {
    manage: {
      name: 'Codes by text message',
      use: 'Text me a code',
      add: 'Add a phone',
      change: 'Change the phone',
      messagesOff: 'Don’t send me codes',
      messagesOn: 'Send me codes again',
      areOff: 'No codes are sent to this phone.',
    },
    headings: {
      challenge: 'Confirm it’s you',
      verify: 'Confirm your number',
      phone: 'Your phone number',
    },
    sent: {
      sms: 'We texted a {digits}-digit code to the number ending in {number}.',
      call: 'We’re calling the number ending in {number} to read you a {digits}-digit code.',
      whatsapp: 'We sent a {digits}-digit code to the number ending in {number} on WhatsApp.',
    },
    enterCode: 'Enter the {digits}-digit code.',
    enterPhone: 'Enter the full phone number with its country code.',
    validFor: 'It expires in {duration}.',
    sentAgain: 'We sent you the same code again.',
    codeFormat: '{digits} digits',
    elsewhere:
      'Your latest code was requested in another browser, and works only there. To continue here, request a new one. If it wasn’t you, change your password.',
    changed: 'Your phone number now ends in {number}. We’ll send your codes there.',
    limitReached: 'You’ve reached today’s limit for codes.',
    nothingCame: 'Didn’t get a code?',
    nothingCameAdvice: 'Texts can take a minute or two. Make sure your phone has signal.',
    checkPhone: 'Check that you entered the right number.',
    lostPhone: 'If you no longer have this phone, contact support.',
    lostPhoneOther:
      'If you no longer have this phone, confirm it’s you another way, or contact support.',
    send: 'Send me a code',
    sendAgain: 'Send the code again',
    sendBy: {
      sms: 'Text me instead',
      call: 'Call me instead',
      whatsapp: 'Send it on WhatsApp',
    },
    sendIn: 'You can request another code in {duration}.',
    sendNow: 'You can request it now.',
    otherPhone: 'Use a different number',
    confirmAgain: 'Confirm again with a new code',
    changePhone: 'Change your phone number',
    label: 'Phone number, with country code',
    use: 'We’ll text a code to this number each time you log in.',
    example: 'For example, {example}',
    countryCode:
      'The country code is missing or unclear. Start with + and the country code, as in {example}.',
    present:
      'Your number ends in {number}. If you change it, you’ll need to enter a new code on every other device.',
    replacedNotice: 'We’ll text your old number to say it was replaced.',
    sendToPhone: 'Send a code to this number',
    smsIsWeak:
      'Text messages are safer than a password alone, but they can be intercepted, and phone numbers can be hijacked. If you’re offered an authenticator app or a security key, use that instead.',
    neverShare: 'Don’t share this code with anyone. Our support team will never ask for it.',
    notDelivered: {
      unreachable:
        'Your message hasn’t reached your phone. Make sure it’s on and has signal, then request the code again.',
      number_invalid: 'Your message didn’t arrive, because this number can’t receive it.',
      blocked: 'Your carrier blocked the message.',
      not_delivered: 'Your message didn’t arrive. Request the code again.',
    },
    unusable: 'We can’t send codes to the phone number on your account.',
    useOtherPhone: 'Use a different number.',
    optIn:
      'If you’ve ever replied STOP to our messages, text START to the same number, then request the code again.',
    refusals: {
      destination_missing: 'There’s no phone number on your account to send a code to.',
      destination_invalid: 'We can’t text that number. Check it, and include the country code.',
      destination_blocked: 'We can’t send codes to that number. Use a different one.',
      unknown_number: 'The code is right, but no account has that phone number.',
      cooldown: 'We’ve just sent a code. Wait a moment before you request another.',
      send_limit:
        'You’ve reached today’s limit for codes. Use the last one we sent, or try again later.',
      delivery_failed:
        'We couldn’t confirm that your code was sent. If it arrives, enter it. Otherwise, request it again.',
      service_misconfigured: 'We can’t send codes right now. Contact support.',
      delivery_unavailable: 'We can’t send codes right now. Try again in a moment.',
    },
    waits: {
      cooldown: 'We’ve just sent a code. You can request another in {duration}.',
      send_limit:
        'You’ve reached today’s limit for codes. Use the last one we sent, or try again in {duration}.',
      delivery_failed:
        'We couldn’t confirm that your code was sent. If it arrives, enter it. Otherwise, you can request it again in {duration}.',
      delivery_unavailable: 'We can’t send codes right now. Try again in {duration}.',
    },
  },
}

/** The text messages in English, the best wording first. */
export const enMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${titled(appName)}${code} is your code. It expires in ${minutes} min. Don't share it.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}Your phone number was replaced by one ending in ${lastDigits}. If it wasn't you, contact support now.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Your number changed to ..${lastDigits}. Not you? Contact support.`,
  ],
  changed: {
    added: [
      (appName) =>
        `${titled(appName)}A new way to confirm it's you was added to your account. If it wasn't you, change your password now.`,
    ],
    removed: [
      (appName) =>
        `${titled(appName)}A way to confirm it's you was removed from your account. If it wasn't you, change your password now.`,
    ],
    recovery_code_used: [
      (appName) =>
        `${titled(appName)}A recovery code was used to log in to your account. If it wasn't you, change your password now.`,
    ],
    reset: [
      (appName) =>
        `${titled(appName)}Our support team reset the second step of your account. If you didn't ask for it, contact support now.`,
    ],
  },
}
