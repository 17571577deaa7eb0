/** Picks the sender from the environment; without any account it is the console. */

import { consoleSender, type CodeSender, type ConsoleSender } from 'passport-second-factor'
import { twilioSender } from 'passport-second-factor/twilio'

import { SettingError, type Environment } from './settings.js'

export interface PickedSender {
  /** What a page may call it. */
  readonly name: string
  readonly sender: CodeSender
  /** The console sender's messages; `null` with a real sender. */
  readonly inbox: ConsoleSender | null
}

export function pickSender(env: Environment): PickedSender {
  const accountSid = env['TWILIO_ACCOUNT_SID']
  const authToken = env['TWILIO_AUTH_TOKEN']
  const from = env['TWILIO_PHONE_NUMBER']
  if (accountSid || authToken || from) {
    const missing = [
      ['TWILIO_ACCOUNT_SID', accountSid],
      ['TWILIO_AUTH_TOKEN', authToken],
      ['TWILIO_PHONE_NUMBER', from],
    ].find(([, value]) => !value)?.[0]
    if (!accountSid || !authToken || !from) throw new SettingError(`${missing ?? ''} is missing`)
    return { name: 'Twilio', sender: twilioSender({ accountSid, authToken, from }), inbox: null }
  }
  const inbox = consoleSender()
  return { name: 'console', sender: inbox, inbox }
}
