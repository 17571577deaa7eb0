/** Chooses the provider of codes from the environment; without an account, it is the console. */

import {
  consoleSender,
  failoverSender,
  type CodeSender,
  type ConsoleSender,
  type PolicyOptions,
  type SecondFactorOptions,
} from 'passport-second-factor'
import { textbeeSender } from 'passport-second-factor/textbee'
import { twilioSender, twilioVerify } from 'passport-second-factor/twilio'

import { inVariables, SettingError, type Environment } from './environment.js'
import type { AppUser } from './users.js'

/** A way to make and send codes. */
export interface Provider {
  /** The name to show on pages. */
  readonly name: string
  /** Options of `createSecondFactor`. */
  readonly codes: Pick<SecondFactorOptions<AppUser>, 'sender' | 'verifier'>
  /** The messages that were printed instead of sent; `null` with a real provider. */
  readonly inbox: ConsoleSender | null
}

/**
 * Picks Twilio Messaging, TextBee, or both, with TextBee for messages that Twilio did not send; or Twilio Verify, which
 * makes its own codes and cannot be combined with the others.
 */
export function pickProvider(
  env: Environment,
  production: boolean,
  policy: PolicyOptions,
): Provider {
  const account = twilioAccount(env, production)
  const textbee = textbeeFrom(env)
  const serviceSid = env['TWILIO_SERVICE_SID']
  if (account !== null && serviceSid) {
    const other = env['TWILIO_PHONE_NUMBER'] ? 'TWILIO_PHONE_NUMBER' : textbee && 'TEXTBEE_API_KEY'
    if (other) {
      throw new SettingError(
        `TWILIO_SERVICE_SID and ${other} cannot be combined: either Twilio Verify makes the codes, or we do; unset one`,
      )
    }
    const verifier = inVariables('twilioVerify: ', twilioVariables, () =>
      twilioVerify({ ...account, serviceSid, codeLength: policy.codeLength }),
    )
    return { name: 'Twilio Verify', codes: { verifier }, inbox: null }
  }
  const senders = [
    ...(account === null ? [] : [{ name: 'Twilio Messaging', sender: messaging(env, account) }]),
    ...(textbee === null ? [] : [{ name: 'TextBee', sender: textbee }]),
  ]
  const [first, second] = senders
  if (first === undefined) return consoleProvider(production)
  if (second === undefined)
    return { name: first.name, codes: { sender: first.sender }, inbox: null }
  return {
    name: `${first.name}, then ${second.name}`,
    codes: { sender: failoverSender([first.sender, second.sender]) },
    inbox: null,
  }
}

function consoleProvider(production: boolean): Provider {
  if (production) {
    throw new SettingError(
      'NODE_ENV is production, where codes are never printed; set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and ' +
        'TWILIO_PHONE_NUMBER or TWILIO_SERVICE_SID, or SMS_SENDER_API, TEXTBEE_API_KEY and TEXTBEE_DEVICE_ID',
    )
  }
  const inbox = consoleSender()
  return { name: 'console', codes: { sender: inbox }, inbox }
}

const twilioVariables = {
  accountSid: 'TWILIO_ACCOUNT_SID',
  authToken: 'TWILIO_AUTH_TOKEN',
  serviceSid: 'TWILIO_SERVICE_SID',
  from: 'TWILIO_PHONE_NUMBER',
  baseUrl: 'TWILIO_API_BASE',
  codeLength: 'OTP_DIGITS',
}

interface TwilioAccount {
  readonly accountSid: string
  readonly authToken: string
  readonly baseUrl: string | undefined
}

function twilioAccount(env: Environment, production: boolean): TwilioAccount | null {
  const baseUrl = env['TWILIO_API_BASE'] || undefined
  const one = env['TWILIO_SERVICE_SID'] ? 'TWILIO_SERVICE_SID' : 'TWILIO_PHONE_NUMBER'
  const found = allOrNone(env, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', one])
  if (baseUrl !== undefined && production) {
    throw new SettingError('TWILIO_API_BASE is only for tests; unset it if NODE_ENV is production')
  }
  if (found === null) {
    if (baseUrl === undefined) return null
    throw new SettingError('TWILIO_ACCOUNT_SID is missing; TWILIO_API_BASE needs it')
  }
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = found
  return { accountSid, authToken, baseUrl }
}

function messaging(env: Environment, account: TwilioAccount): CodeSender {
  const from = env['TWILIO_PHONE_NUMBER'] ?? ''
  return inVariables('twilioSender: ', twilioVariables, () => twilioSender({ ...account, from }))
}

function textbeeFrom(env: Environment): CodeSender | null {
  const found = allOrNone(env, ['SMS_SENDER_API', 'TEXTBEE_API_KEY', 'TEXTBEE_DEVICE_ID'])
  if (found === null) return null
  const options = {
    baseUrl: found.SMS_SENDER_API,
    apiKey: found.TEXTBEE_API_KEY,
    deviceId: found.TEXTBEE_DEVICE_ID,
  }
  const variables = {
    baseUrl: 'SMS_SENDER_API',
    apiKey: 'TEXTBEE_API_KEY',
    deviceId: 'TEXTBEE_DEVICE_ID',
  }
  return inVariables('textbeeSender: ', variables, () => textbeeSender(options))
}

/** Returns the values of variables that belong together; `null` if none is set. */
function allOrNone<Name extends string>(
  env: Environment,
  names: readonly Name[],
): Record<Name, string> | null {
  const missing = names.filter((name) => !env[name])
  if (missing.length === names.length) return null
  if (missing[0] !== undefined) {
    throw new SettingError(`${missing[0]} is missing; set all of ${names.join(', ')}`)
  }
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<Name, string>
}
