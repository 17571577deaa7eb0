/** English, for factors that users enrol. */

import type { HeldTexts } from './held-texts.js'

/** The texts about authenticator apps, passkeys and recovery codes in English. */
export const enHeld: HeldTexts = {
  totp: {
    name: 'Authenticator app',
    use: 'Use your authenticator app',
    add: 'Set up an authenticator app',
    more: 'Use a different app',
    headings: {
      challenge: 'Enter the code from your app',
      setUp: 'Set up an authenticator app',
    },
    enterCode: 'Open your authenticator app and enter the {digits}-digit code for this account.',
    codeFormat: '{digits} digits',
    waitForNext: 'Your app shows a new code every 30 seconds. Wait for the next one.',
    checkClock:
      'If your codes keep getting rejected, make sure your phone sets its time automatically.',
    scan: 'Scan this QR code with an authenticator app on your phone. If you don’t have one yet, get one from your app store.',
    qrLabel: 'QR code for your authenticator app',
    openApp: 'Set it up on this device',
    cannotScan: 'Can’t scan the code?',
    typeKey: 'Add an account in your app, choose to enter a setup key, and enter this one:',
    listedAs: 'Your app will list it as {account}.',
    firstCode: 'Then enter the {digits}-digit code that your app shows.',
  },
  passkey: {
    name: 'Passkey',
    use: 'Use a passkey',
    add: 'Add a passkey',
    headings: { challenge: 'Use your passkey', setUp: 'Add a passkey' },
    explain:
      'Your browser will ask for your passkey. Confirm with your fingerprint, face, screen lock or security key.',
    continue: 'Use your passkey',
    purpose:
      'A passkey lives on your device, in your password manager or on a security key. It only works on this site, so nobody can trick you into giving it away.',
    create: 'Create a passkey',
    unsupported: 'To use a passkey here, you need JavaScript and a browser that supports passkeys.',
    cancelled: 'The request was closed or timed out. Try again.',
    already: 'This device already has a passkey for your account.',
    failed: 'Your browser couldn’t use a passkey here. Try again, or use another device.',
    refusals: {
      passkey_rejected:
        'That passkey didn’t work. Try again, or use another way to confirm it’s you.',
    },
  },
  recoveryCodes: {
    name: 'Recovery codes',
    use: 'Use a recovery code',
    add: 'Get recovery codes',
    renew: 'Get new recovery codes',
    headings: { challenge: 'Enter a recovery code', setUp: 'Save your recovery codes' },
    enterCode: 'Enter one of the recovery codes you saved. Each code works once.',
    codeFormat: 'A recovery code has 24 letters and digits. Enter all of them.',
    label: 'Recovery code',
    purpose:
      'If you lose your phone, one of these codes will let you in. Each code works once. Keep them somewhere safe, such as a password manager. We won’t show them again.',
    replaces: 'Once you confirm, your old recovery codes won’t work anymore.',
    copy: 'Copy',
    copied: 'Copied',
    print: 'Print',
    download: 'Download',
    saved: 'I’ve saved these codes',
    keepSafe: 'Each code works once. Keep them somewhere safe.',
    left: 'Codes left: {left} of {total}',
    runningOut: 'You’re running out of recovery codes. Get new ones while you can still log in.',
  },
}
