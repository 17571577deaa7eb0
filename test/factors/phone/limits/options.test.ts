/** Unusable options are refused by name at construction, and so are environment variables. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../../../src/core/errors.js'
import { priceOf } from '../../../../src/factors/phone/limits/price.js'
import { originOf } from '../../../../src/factors/phone/phone-number.js'
import {
  consoleSender,
  createSecondFactor,
  limitsFromEnv,
  memoryCounts,
  memoryStore,
  type HostedVerifier,
  type LimitsOptions,
} from '../../../../src/index.js'

const counts = memoryCounts()
const secret = 'the options of limits need a secret of 32 bytes'
const bySender = { sender: consoleSender({ print: () => undefined }), secret }

function open(limits: object, rest: object = bySender) {
  return createSecondFactor({
    ...{ store: memoryStore(), users: { id: () => 1, phone: () => null } },
    limits: limits as LimitsOptions,
    ...rest,
  })
}

/** The option that an error names. */
function optionOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.option
    throw error
  }
  return 'none'
}

describe('an option of the limits', () => {
  test.each<[string, object]>([
    ['limits.counts', {}],
    ['limits.counts', { counts: { take: () => undefined } }],
    ['limits.ratio', { ratio: 1 }],
    ['limits.mode', { mode: 'on' }],
    ['limits.whenUnavailable', { whenUnavailable: 'wait' }],
    ['limits.ipv6Bits', { ipv6Bits: 32 }],
    ['limits.timeoutSeconds', { timeoutSeconds: 0 }],
    ['limits.key', { key: 'short' }],
    ['limits.guards', { guards: [{ name: 'a guard', check: () => undefined }] }],
    ['limits.allow.phones', { allow: { phones: ['0671234567'] } }],
    ['limits.allow.networks', { allow: { networks: ['home'] } }],
    ['limits.allow.countries', { allow: { countries: ['CM'] } }],
    ['limits.deny.countries', { deny: { countries: ['XX'] } }],
    ['limits.deny.prefixes', { deny: { prefixes: ['88213'] } }],
    ['limits.deny.networks', { deny: { networks: ['1.2.3.4/99'] } }],
    ['limits.rules.number', { rules: { number: {} } }],
    ['limits.rules.phone.perHour', { rules: { phone: { perHour: 1 } } }],
    ['limits.rules.phone.perDay', { rules: { phone: { perDay: 0 } } }],
    ['limits.rules.phone.newPerWeek', { rules: { phone: { newPerWeek: 1.5 } } }],
    ['limits.rules.account.action', { rules: { account: { action: 'block' } } }],
    ['limits.rules.network.perDay', { rules: { network: { perDay: '100' } } }],
    ['limits.rules.country.only.Cameroon', { rules: { country: { only: { Cameroon: {} } } } }],
    [
      'limits.rules.country.only.CM.perWeek',
      { rules: { country: { only: { CM: { perWeek: 1 } } } } },
    ],
    ['limits.rules.application.newShare', { rules: { application: { newShare: 0 } } }],
    ['limits.rules.spend.currency', { rules: { spend: { price: { CM: 1 } } } }],
    ['limits.rules.spend.price', { rules: { spend: { currency: 'USD' } } }],
    ['limits.rules.spend.price', { rules: { spend: { currency: 'USD', price: { CM: -1 } } } }],
    ['limits.rules.blocked.perDay', { rules: { blocked: { perDay: 1 } } }],
  ])('is named where it cannot be used: %s of %j', (option, limits) => {
    const given = option === 'limits.counts' ? limits : { counts, ...limits }
    expect(optionOf(() => open(given))).toBe(option)
  })

  test('can be left out or undefined', () => {
    const rules = { phone: { perDay: undefined }, network: {}, country: {}, application: {} }
    expect(optionOf(() => open({ counts }))).toBe('none')
    expect(optionOf(() => open({ counts, rules, allow: {}, deny: {}, key: undefined }))).toBe(
      'none',
    )
  })

  test('a key is needed with a verifier and no secret', () => {
    const verifier: HostedVerifier = {
      ...{ channels: ['sms'], codeLength: 6, cancel: () => Promise.resolve() },
      start: () => Promise.resolve({ status: 'started', ref: 'V1' }),
      check: () => Promise.resolve({ status: 'incorrect' }),
    }
    expect(optionOf(() => open({ counts }, { verifier }))).toBe('limits.key')
    expect(optionOf(() => open({ counts, key: secret }, { verifier }))).toBe('none')
    expect(optionOf(() => open({ counts }, { verifier, secret }))).toBe('none')
  })
})

describe('the environment', () => {
  test('sets the limits that it names, overriding the options', () => {
    const env = {
      SEND_LIMITS: 'record',
      SEND_LIMIT_APPLICATION_PER_HOUR: '300',
      SEND_LIMIT_APPLICATION_PER_DAY: '3000',
      SEND_LIMIT_SPEND_PER_DAY: '30.5',
      SEND_LIMIT_COUNTRY_PER_DAY: '100',
      SEND_LIMIT_COUNTRIES: 'CM:5000, US:2000',
      SEND_DENY_COUNTRIES: 'EG, LK',
    }
    const spend = { currency: 'USD', price: { '*': 0.1 } }
    expect(limitsFromEnv(env, { counts, rules: { spend } })).toEqual({
      counts,
      mode: 'record',
      rules: {
        application: { perHour: 300, perDay: 3000 },
        country: { perDay: 100, only: { CM: { perDay: 5000 }, US: { perDay: 2000 } } },
        spend: { ...spend, perDay: 30.5 },
      },
      deny: { countries: ['EG', 'LK'] },
    })
  })

  test('adds to the options’ deny list and country settings', () => {
    const env = { SEND_DENY_COUNTRIES: 'EG', SEND_LIMIT_COUNTRIES: 'CM:5000' }
    const deny = { countries: ['LK'], prefixes: ['+88213'] }
    const only = { CM: { perHour: 500, perDay: 10 }, US: { perDay: 2000 } }
    expect(limitsFromEnv(env, { counts, deny, rules: { country: { only } } })).toMatchObject({
      rules: { country: { only: { CM: { perHour: 500, perDay: 5000 }, US: { perDay: 2000 } } } },
      deny: { countries: ['LK', 'EG'], prefixes: ['+88213'] },
    })
  })

  test('can turn the limits off, and can be empty', () => {
    expect(limitsFromEnv({ SEND_LIMITS: 'off' }, { counts })).toBe(undefined)
    expect(optionOf(() => open(limitsFromEnv({ SEND_LIMITS: ' ' }, { counts }) ?? {}))).toBe('none')
  })

  test.each([
    ['SEND_LIMITS', 'on'],
    ['SEND_LIMIT_APPLICATION_PER_DAY', 'many'],
    ['SEND_LIMIT_COUNTRIES', 'CM=5000'],
    ['SEND_LIMIT_SPEND_PER_DAY', '30'],
  ])('is named if unusable: %s=%s', (variable, value) => {
    expect(optionOf(() => limitsFromEnv({ [variable]: value }, { counts }))).toBe(variable)
  })
})

describe('a phone', () => {
  test.each([
    ['+447781123456', 'GG', '+44'],
    ['+447400123456', 'GB', '+44'],
    ['+77011234567', 'KZ', '+7'],
    ['+79161234567', 'RU', '+7'],
    ['+14165550123', 'CA', '+1'],
    ['+14155550123', 'US', '+1'],
    ['+883510012345', null, '+883'],
    ['+237671234567', 'CM', '+237'],
  ])('%s is counted in %s', (phone, country, callingCode) => {
    expect(originOf(phone)).toEqual({ country, callingCode })
  })
})

describe('the price of a message', () => {
  const cameroon = { country: 'CM', callingCode: '+237' }
  const other = { country: null, callingCode: '+883' }

  test('is the country’s, else the default, else the highest, in millionths', () => {
    const listed = priceOf({ CM: 0.00079, US: 0.008, '*': 0.12 })
    expect(listed('+237671234567', 'sms', cameroon)).toBe(790)
    expect(listed('+883510012345', 'sms', other)).toBe(120_000)
    expect(priceOf({ CM: 0.2, US: 0.008 })('+883510012345', 'sms', other)).toBe(200_000)
    expect(priceOf({ '+883': 0.5, '*': 0 })('+883510012345', 'sms', other)).toBe(500_000)
  })

  test.each([
    () => NaN,
    () => -1,
    () => '0.1' as never,
    () => {
      throw new Error('no price')
    },
  ])('is the highest so far if the application’s function returns none', (price) => {
    let isBroken = false
    const asked = priceOf(() => (isBroken ? price() : 3))
    expect(asked('+1', 'sms', other)).toBe(3_000_000)
    isBroken = true
    expect(asked('+1', 'sms', other)).toBe(3_000_000)
  })
})
