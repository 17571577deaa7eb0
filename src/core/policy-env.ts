/** Reads the policy from environment variables. */

import { ConfigurationError } from './errors.js'
import { resolvePolicy, type PolicyOptions } from './policy.js'

type Environment = Readonly<Record<string, string | undefined>>

/** The four resend waits in milliseconds, with defaults for those that are unset while another is set. */
const resendDurations = [
  ['FIRST_RESEND_DURATION', 120_000],
  ['SECOND_RESEND_DURATION', 300_000],
  ['THIRD_RESEND_DURATION', 900_000],
  ['FOURTH_RESEND_DURATION', 86_400_000],
] as const

/** The limit that each variable sets. */
const numbers = {
  OTP_DIGITS: 'codeLength',
  OTP_LIFETIME_SECONDS: 'codeLifetimeSeconds',
  OTP_GRACE_SECONDS: 'graceSeconds',
  OTP_MAX_ATTEMPTS: 'maxAttempts',
  OTP_SENDS_PER_DAY: 'sendsPerDay',
  OTP_ANSWERED_SENDS_PER_DAY: 'answeredSendsPerDay',
} as const satisfies Record<string, keyof PolicyOptions>

const ladders = {
  OTP_RESEND_LADDER_SECONDS: 'resendLadderSeconds',
  OTP_LOCK_SECONDS: 'lockLadderSeconds',
} as const satisfies Record<string, keyof PolicyOptions>

/**
 * Reads policy options from environment variables: `OTP_DIGITS`, `OTP_LIFETIME_SECONDS`, `OTP_GRACE_SECONDS`,
 * `OTP_MAX_ATTEMPTS`, `OTP_RESEND_LADDER_SECONDS` (comma-separated), `OTP_SENDS_PER_DAY`,
 * `OTP_ANSWERED_SENDS_PER_DAY`, `OTP_LOCK_SECONDS` (comma-separated) and `OTP_STANDARDS`. In place of
 * `OTP_RESEND_LADDER_SECONDS`, the four variables `FIRST_RESEND_DURATION` to `FOURTH_RESEND_DURATION` set the waits in
 * milliseconds; after the last wait that ladder starts again. Limits without a variable keep their defaults.
 *
 * @throws ConfigurationError naming the invalid variable.
 * @example
 * const secondFactor = createSecondFactor({ …, policy: policyFromEnv(process.env) })
 */
export function policyFromEnv(env: Environment): PolicyOptions {
  const found: Record<string, unknown> = {}
  const variableOf = new Map<string, string>()
  const set = (limit: string, variable: string, value: unknown) => {
    found[limit] = value
    variableOf.set(limit, variable)
  }

  for (const [variable, limit] of Object.entries(numbers)) {
    const text = read(env, variable)
    if (text !== undefined) set(limit, variable, toNumber(variable, text))
  }
  for (const [variable, limit] of Object.entries(ladders)) {
    const text = read(env, variable)
    if (text !== undefined) {
      set(
        limit,
        variable,
        text.split(',').map((rung) => toNumber(variable, rung)),
      )
    }
  }
  const standards = read(env, 'OTP_STANDARDS')
  if (standards !== undefined) set('standards', 'OTP_STANDARDS', standards)

  if (resendDurations.some(([variable]) => read(env, variable) !== undefined)) {
    if (variableOf.has('resendLadderSeconds')) {
      throw new ConfigurationError(
        'OTP_RESEND_LADDER_SECONDS and FIRST_RESEND_DURATION … FOURTH_RESEND_DURATION set the ' +
          'same limit; keep one of the two',
        'OTP_RESEND_LADDER_SECONDS',
      )
    }
    const rungs = resendDurations.map(([variable, first]) => {
      const text = read(env, variable)
      return (text === undefined ? first : toNumber(variable, text)) / 1000
    })
    set('resendLadderSeconds', 'FIRST_RESEND_DURATION … FOURTH_RESEND_DURATION', rungs)
    set('resendLadderEnd', 'FIRST_RESEND_DURATION … FOURTH_RESEND_DURATION', 'start-again')
  }
  return checked(found, variableOf)
}

/** Validates the limits here, so the message can name the variable. */
function checked(found: PolicyOptions, variableOf: ReadonlyMap<string, string>): PolicyOptions {
  try {
    resolvePolicy(found)
    return found
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    const limit = error.option?.replace(/^policy\./, '') ?? ''
    const variable = variableOf.get(limit)
    throw variable === undefined
      ? error
      : new ConfigurationError(`${variable}: ${error.message}`, variable)
  }
}

function read(env: Environment, variable: string): string | undefined {
  const text = env[variable]?.trim()
  return text === '' ? undefined : text
}

function toNumber(variable: string, text: string): number {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text)
  throw new ConfigurationError(
    `${variable} is ${JSON.stringify(text)}; set it to a number`,
    variable,
  )
}
