import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../src/core/errors.js'
import { policyFromEnv } from '../../src/core/policy-env.js'
import { defaultPolicy, resolvePolicy } from '../../src/core/policy.js'

describe('the environment', () => {
  test('that sets nothing leaves every default', () => {
    expect(policyFromEnv({})).toEqual({})
    expect(resolvePolicy(policyFromEnv({ PATH: '/bin', HOME: undefined }))).toEqual(defaultPolicy)
  })

  test('sets every limit that has a variable', () => {
    expect(
      policyFromEnv({
        OTP_DIGITS: '5',
        OTP_LIFETIME_SECONDS: '900',
        OTP_GRACE_SECONDS: '0',
        OTP_MAX_ATTEMPTS: '3',
        OTP_RESEND_LADDER_SECONDS: '30,60, 0.5',
        OTP_SENDS_PER_DAY: '100',
        OTP_ANSWERED_SENDS_PER_DAY: '0',
        OTP_LOCK_SECONDS: '1800,3600',
        OTP_STANDARDS: 'relaxed',
      }),
    ).toEqual({
      codeLength: 5,
      codeLifetimeSeconds: 900,
      graceSeconds: 0,
      maxAttempts: 3,
      resendLadderSeconds: [30, 60, 0.5],
      sendsPerDay: 100,
      answeredSendsPerDay: 0,
      lockLadderSeconds: [1800, 3600],
      standards: 'relaxed',
    })
  })

  test('can set small values, for demonstrations', () => {
    const options = policyFromEnv({
      OTP_LIFETIME_SECONDS: '6',
      OTP_RESEND_LADDER_SECONDS: '1',
      OTP_LOCK_SECONDS: '3',
      OTP_STANDARDS: 'relaxed',
    })
    expect(resolvePolicy(options)).toMatchObject({
      codeLifetimeSeconds: 6,
      resendLadderSeconds: [1],
      lockLadderSeconds: [3],
    })
  })

  test('treats an empty or blank variable as absent, and ignores spaces around a value', () => {
    expect(policyFromEnv({ OTP_DIGITS: '', OTP_STANDARDS: '  ' })).toEqual({})
    expect(policyFromEnv({ OTP_DIGITS: ' 8 ', OTP_STANDARDS: ' strict\n' })).toEqual({
      codeLength: 8,
      standards: 'strict',
    })
  })
})

describe('an unusable variable', () => {
  const numbers = [
    'OTP_DIGITS',
    'OTP_LIFETIME_SECONDS',
    'OTP_GRACE_SECONDS',
    'OTP_MAX_ATTEMPTS',
    'OTP_RESEND_LADDER_SECONDS',
    'OTP_SENDS_PER_DAY',
    'OTP_ANSWERED_SENDS_PER_DAY',
    'OTP_LOCK_SECONDS',
    'FIRST_RESEND_DURATION',
    'SECOND_RESEND_DURATION',
    'THIRD_RESEND_DURATION',
    'FOURTH_RESEND_DURATION',
  ]
  const notNumbers = ['six', '6s', '-6', '+6', '1e2', '0x6', '６', 'NaN', 'Infinity', '6 6', '.5']
  test.each(numbers)('is named with its value if that is not a number: %s', (variable) => {
    for (const text of notNumbers) {
      expect(faultOf({ [variable]: text })).toBe(
        `${variable} is ${JSON.stringify(text)}; set it to a number`,
      )
    }
  })

  test('is named if one rung of a ladder is missing', () => {
    for (const text of ['30,', ',30', '30,,60']) {
      expect(faultOf({ OTP_RESEND_LADDER_SECONDS: text })).toContain('OTP_RESEND_LADDER_SECONDS')
    }
  })

  test.each([
    ['OTP_DIGITS', '5', 'policy.codeLength is 5'],
    ['OTP_DIGITS', '6.5', 'policy.codeLength is 6.5'],
    ['OTP_LIFETIME_SECONDS', '601', 'policy.codeLifetimeSeconds is 601'],
    ['OTP_GRACE_SECONDS', '31', 'policy.graceSeconds is 31'],
    ['OTP_MAX_ATTEMPTS', '0', 'policy.maxAttempts is 0'],
    ['OTP_SENDS_PER_DAY', '0', 'policy.sendsPerDay is 0'],
    ['OTP_RESEND_LADDER_SECONDS', '30,0', 'policy.resendLadderSeconds is 0'],
    ['OTP_LOCK_SECONDS', '1,2,3,4,5,6,7,8,9,10,11', 'policy.lockLadderSeconds is ['],
    ['OTP_LOCK_SECONDS', '3600,0.001', 'policy.lockLadderSeconds is 0.001'],
    ['OTP_STANDARDS', 'lax', 'policy.standards is "lax"'],
    ['SECOND_RESEND_DURATION', '0', 'policy.resendLadderSeconds is 0'],
  ])('is named before the bound it breaks: %s=%s', (variable, text, fault) => {
    const [named, ...rest] = faultOf({ [variable]: text }).split(': ')
    expect(rest.join(': ')).toContain(fault)
    expect(named).toBe(
      variable.endsWith('_DURATION') ? 'FIRST_RESEND_DURATION … FOURTH_RESEND_DURATION' : variable,
    )
  })

  test('is also named in an error property', () => {
    for (const env of [{ OTP_DIGITS: 'six' }, { OTP_DIGITS: '5' }]) {
      const read = () => policyFromEnv(env)
      expect(read).toThrow(expect.objectContaining({ option: 'OTP_DIGITS' }))
    }
  })

  test('is named if two valid ones are too much together', () => {
    const message = faultOf({ OTP_LIFETIME_SECONDS: '590', OTP_GRACE_SECONDS: '11' })
    expect(message).toMatch(
      /^OTP_GRACE_SECONDS: policy\.graceSeconds is 11.*set graceSeconds to 10/,
    )
  })
})

describe('the four resend durations', () => {
  const rungs = (env: Record<string, string>) => policyFromEnv(env).resendLadderSeconds

  test('are milliseconds, and an absent one keeps its first value', () => {
    expect(rungs({ FIRST_RESEND_DURATION: '120000' })).toEqual([120, 300, 900, 86_400])
    expect(rungs({ SECOND_RESEND_DURATION: '1500' })).toEqual([120, 1.5, 900, 86_400])
    expect(rungs({ THIRD_RESEND_DURATION: '1' })).toEqual([120, 300, 0.001, 86_400])
    expect(rungs({ FOURTH_RESEND_DURATION: '5000' })).toEqual([120, 300, 900, 5])
  })

  test('start over after the last wait', () => {
    expect(policyFromEnv({ FIRST_RESEND_DURATION: '1000' }).resendLadderEnd).toBe('start-again')
    expect(policyFromEnv({ OTP_RESEND_LADDER_SECONDS: '1' }).resendLadderEnd).toBeUndefined()
  })

  test('make a ladder that a policy accepts', () => {
    const options = policyFromEnv({ FIRST_RESEND_DURATION: '120000' })
    expect(resolvePolicy(options).resendLadderSeconds).toEqual([120, 300, 900, 86_400])
  })

  test('cannot be combined with the ladder in seconds', () => {
    const message = faultOf({ OTP_RESEND_LADDER_SECONDS: '30', THIRD_RESEND_DURATION: '1000' })
    expect(message).toContain('OTP_RESEND_LADDER_SECONDS')
    expect(message).toContain('FIRST_RESEND_DURATION')
    expect(message).toContain('keep one of the two')
  })
})

function faultOf(env: Record<string, string>): string {
  try {
    policyFromEnv(env)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as ConfigurationError).message
  }
  throw new Error('no fault')
}
