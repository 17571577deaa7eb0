/** Twilio Verify as documented, without HTTP: its limits, its lifetime, its responses. */

import { randomInt } from 'node:crypto'
import { isIP } from 'node:net'

import {
  e164,
  newSid,
  noteUnknown,
  notFound,
  refuseParameter,
  twilioError,
  type Parameters,
  type StandInAnswer,
} from './twilio-stand-in-answers.js'

export interface StandInVerification {
  readonly sid: string
  readonly to: string
  readonly code: string
  readonly startedAt: number
  channel: string
  locale: string | null
  deviceIp: string | null
  rateLimits: Readonly<Record<string, string>>
  sends: number
  checks: number
  status: 'pending' | 'approved' | 'canceled'
}

export interface VerifyServiceOptions {
  readonly accountSid: string
  readonly serviceSid: string
  readonly clock: () => number
  readonly codeLength: number
  /** Starts per value and interval. */
  readonly rateLimits: Readonly<Record<string, { limit: number; intervalSeconds: number }>>
}

export interface VerifyService {
  readonly verifications: readonly StandInVerification[]
  start(parameters: Parameters): StandInAnswer
  check(parameters: Parameters): StandInAnswer
  update(ref: string, parameters: Parameters): StandInAnswer
}

const startParameters =
  'To Channel CustomFriendlyName CustomMessage SendDigits Locale CustomCode Amount Payee RateLimits ' +
  'ChannelConfiguration AppHash TemplateSid TemplateCustomSubstitutions DeviceIp ' +
  'EnableSnaClientToken RiskCheck Tags'

const locales =
  'af ar ca cs da de el en en-GB es et fi fr he hi hr hu id it ja kn ko lt ms mr nb nl pl pt pt-BR ' +
  'ro ru sk sv te th tl tr uk vi zh zh-CN zh-HK'

const lifetimeMilliseconds = 600_000
const maxSends = 5
const maxChecks = 5

export function verifyService(options: VerifyServiceOptions, violations: string[]): VerifyService {
  const { clock, codeLength } = options
  const verifications: StandInVerification[] = []
  const counted: { name: string; value: string; at: number }[] = []

  const newCode = () => String(randomInt(10 ** codeLength)).padStart(codeLength, '0')
  const live = (verification: StandInVerification) =>
    verification.status === 'pending' && clock() < verification.startedAt + lifetimeMilliseconds

  function verificationBody(verification: StandInVerification): object {
    const { to, channel, status } = verification
    return {
      sid: verification.sid,
      service_sid: options.serviceSid,
      account_sid: options.accountSid,
      to,
      channel,
      status,
      valid: status === 'approved',
      lookup: {},
      amount: null,
      payee: null,
      date_created: new Date(verification.startedAt).toISOString(),
      date_updated: new Date(clock()).toISOString(),
    }
  }

  /** Returns true if a rate limit of the Service is used up; counts the start otherwise. */
  function limited(rateLimits: Readonly<Record<string, string>>): boolean {
    const now = clock()
    for (const [name, value] of Object.entries(rateLimits)) {
      const rule = options.rateLimits[name]
      if (rule === undefined) {
        violations.push(`unknown rate limit ${name}`)
        continue
      }
      const since = now - rule.intervalSeconds * 1000
      const same = counted.filter((c) => c.name === name && c.value === value && c.at > since)
      if (same.length >= rule.limit) return true
    }
    for (const [name, value] of Object.entries(rateLimits)) counted.push({ name, value, at: now })
    return false
  }

  function startVerification(parameters: Parameters): StandInAnswer {
    noteUnknown(violations, startParameters, parameters)
    const to = parameters.get('To') ?? ''
    const channel = parameters.get('Channel') ?? ''
    const locale = parameters.get('Locale') ?? null
    const deviceIp = parameters.get('DeviceIp') ?? null
    if (!e164.test(to)) return twilioError(400, 60200, `Invalid parameter \`To\`: ${to}`)
    if (!['sms', 'call', 'whatsapp'].includes(channel))
      return refuseParameter(violations, 'Channel')
    if (locale !== null && !locales.split(' ').includes(locale))
      return refuseParameter(violations, 'Locale', 404, 20404)
    if (deviceIp !== null && isIP(deviceIp) === 0) return refuseParameter(violations, 'DeviceIp')
    const rateLimits = JSON.parse(parameters.get('RateLimits') ?? '{}') as Record<string, string>
    if (limited(rateLimits)) {
      const headers = { 'Retry-After': '45', 'Twilio-Reached-Rate-Limit': 'true' }
      return twilioError(429, 20429, 'Too many requests', headers)
    }
    let verification = verifications.find((other) => other.to === to && live(other))
    if (verification !== undefined && verification.checks >= maxChecks) {
      return twilioError(429, 60202, 'Max check attempts reached')
    }
    if (verification !== undefined && verification.sends >= maxSends) {
      return twilioError(429, 60203, 'Max send attempts reached')
    }
    if (verification === undefined) {
      const made = { sid: newSid('VE'), to, code: newCode(), startedAt: clock() }
      const facts = { channel, locale, deviceIp, rateLimits }
      verification = { ...made, ...facts, sends: 0, checks: 0, status: 'pending' }
      verifications.push(verification)
    }
    Object.assign(verification, { channel, locale, deviceIp, rateLimits })
    verification.sends += 1
    return { status: 201, body: verificationBody(verification) }
  }

  function checkVerification(parameters: Parameters): StandInAnswer {
    noteUnknown(violations, 'Code To VerificationSid Amount Payee SnaClientToken', parameters)
    const code = parameters.get('Code') ?? ''
    const to = parameters.get('To')
    const ref = parameters.get('VerificationSid')
    if (code.length < 4 || code.length > 10) return refuseParameter(violations, 'Code')
    if (to === undefined && ref === undefined) return refuseParameter(violations, 'VerificationSid')
    const verification = verifications.find(
      (other) => live(other) && (other.sid === ref || (ref === undefined && other.to === to)),
    )
    if (verification === undefined) return notFound()
    if (verification.checks >= maxChecks) {
      return twilioError(429, 60202, 'Max check attempts reached')
    }
    if (verification.code === code) verification.status = 'approved'
    else verification.checks += 1
    return { status: 200, body: verificationBody(verification) }
  }

  function updateVerification(ref: string, parameters: Parameters): StandInAnswer {
    noteUnknown(violations, 'Status', parameters)
    const status = parameters.get('Status')
    if (status !== 'canceled' && status !== 'approved') return refuseParameter(violations, 'Status')
    const verification = verifications.find((other) => other.sid === ref && live(other))
    if (verification === undefined) return notFound()
    verification.status = status
    return { status: 200, body: verificationBody(verification) }
  }

  return {
    verifications,
    start: startVerification,
    check: checkVerification,
    update: updateVerification,
  }
}
