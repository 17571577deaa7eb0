import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../src/core/errors.js'
import { defaultPolicy, resolvePolicy, type PolicyOptions } from '../../src/core/policy.js'

const year = 365 * 86_400
const month = 30 * 86_400

describe('the defaults', () => {
  test('are the documented ones', () => {
    expect(resolvePolicy()).toEqual({
      standards: 'strict',
      codeLength: 6,
      codeLifetimeSeconds: 300,
      graceSeconds: 10,
      maxAttempts: 5,
      resendLadderSeconds: [30, 60, 120, 300, 600],
      resendLadderEnd: 'repeat-last',
      resendResetSeconds: 86_400,
      sendsPerDay: 10,
      answeredSendsPerDay: 50,
      lockAfterFailures: 10,
      lockLadderSeconds: [1_800, 3_600, 14_400, 86_400],
      hardStopFailures: 100,
      pendingSeconds: 600,
      enrolmentSeconds: 1_800,
      grantLifetimeSeconds: 43_200,
    })
  })

  test('replace a limit that is undefined', () => {
    expect(resolvePolicy({ codeLength: undefined, graceSeconds: undefined })).toEqual(defaultPolicy)
  })

  test('are not changed by an application’s limits', () => {
    resolvePolicy({ codeLength: 8, resendLadderSeconds: [1] })
    expect(resolvePolicy()).toEqual(defaultPolicy)
  })

  test('and every resolved policy are frozen, including ladders', () => {
    for (const policy of [
      defaultPolicy,
      resolvePolicy({ codeLength: 8, lockLadderSeconds: [1_800] }),
    ]) {
      expect(Object.isFrozen(policy)).toBe(true)
      expect(Object.isFrozen(policy.resendLadderSeconds)).toBe(true)
      expect(Object.isFrozen(policy.lockLadderSeconds)).toBe(true)
    }
  })

  test('do not change with the array that a ladder was passed in', () => {
    const ladder = [30, 60]
    const policy = resolvePolicy({ resendLadderSeconds: ladder })
    ladder[0] = 0
    expect(policy.resendLadderSeconds).toEqual([30, 60])
  })
})

type Limit = keyof PolicyOptions
type Standards = 'strict' | 'relaxed'

/** Limit, standards, least and most value of the design's table, and the nearest ones beyond. */
const bounds: [Limit, Standards, number, number, number, number][] = [
  ['codeLength', 'strict', 6, 10, 5, 11],
  ['codeLength', 'relaxed', 4, 10, 3, 11],
  ['codeLifetimeSeconds', 'strict', 1, 600, 0, 601],
  ['codeLifetimeSeconds', 'relaxed', 1, 86_400, 0, 86_401],
  ['graceSeconds', 'strict', 0, 30, -1, 31],
  ['graceSeconds', 'relaxed', 0, 30, -1, 31],
  ['maxAttempts', 'strict', 1, 10, 0, 11],
  ['maxAttempts', 'relaxed', 1, 10, 0, 11],
  ['resendResetSeconds', 'strict', 1, year, 0, year + 1],
  ['sendsPerDay', 'strict', 1, 1_000_000, 0, 1_000_001],
  ['answeredSendsPerDay', 'strict', 0, 1_000_000, -1, 1_000_001],
  ['lockAfterFailures', 'strict', 1, 10, 0, 11],
  ['lockAfterFailures', 'relaxed', 1, 100, 0, 101],
  ['hardStopFailures', 'strict', 1, 100, 0, 101],
  ['hardStopFailures', 'relaxed', 1, 100, 0, 101],
  ['pendingSeconds', 'strict', 1, 3_600, 0, 3_601],
  ['pendingSeconds', 'relaxed', 1, 3_600, 0, 3_601],
  ['grantLifetimeSeconds', 'strict', 1, 86_400, 0, 86_401],
  ['grantLifetimeSeconds', 'relaxed', 1, month, 0, month + 1],
]

describe.each(bounds)('%s with %s standards', (limit, standards, least, most, below, above) => {
  test.each([least, most])('accepts %d', (value) => {
    expect(resolvePolicy({ standards, [limit]: value })[limit]).toBe(value)
  })

  test.each([below, above])('rejects %d, naming the limit, the value and what to set', (value) => {
    expect(faultOf({ standards, [limit]: value })).toMatch(
      new RegExp(`^policy\\.${limit} is ${value}; set it to a number from ${least} to ${most}`),
    )
  })
})

describe('a value of the wrong kind', () => {
  const wrong = [NaN, Infinity, -Infinity, '6', null, true, [6], {}, 6n, () => 6, Symbol('6')]
  const limits = [...new Set(bounds.map(([limit]) => limit))]
  test.each(limits)('is rejected: %s', (limit) => {
    for (const value of wrong) expect(faultOf({ [limit]: value })).toContain(`policy.${limit} is `)
  })

  const counted = limits.filter((limit) => limit !== 'graceSeconds')
  test.each(counted)('is rejected if it is a fraction: %s', (limit) => {
    expect(faultOf({ [limit]: 7.5 })).toBe(`policy.${limit} is 7.5; set it to a whole number`)
  })

  test('is rejected for the standards and for the end of the ladder', () => {
    expect(faultOf({ standards: 'lax' })).toBe(
      `policy.standards is "lax"; set it to 'strict' or 'relaxed'`,
    )
    expect(faultOf({ resendLadderEnd: 'stop' })).toBe(
      `policy.resendLadderEnd is "stop"; set it to 'repeat-last' or 'start-again'`,
    )
  })
})

describe.each(['resendLadderSeconds', 'lockLadderSeconds'] as const)('%s', (limit) => {
  test.each([[[1]], [[0.001]], [[30, 60]], [Array.from({ length: 10 }, () => 5)], [[month]]])(
    'accepts %j with relaxed standards',
    (ladder) => {
      expect(resolvePolicy({ standards: 'relaxed', [limit]: ladder })[limit]).toEqual(ladder)
    },
  )

  test.each([[[]], [Array.from({ length: 11 }, () => 5)], [30], ['30,60'], [{ 0: 30, length: 1 }]])(
    'rejects %j and asks for an array of 1 to 10 durations',
    (ladder) => {
      expect(faultOf({ [limit]: ladder })).toContain('an array of 1 to 10 durations in seconds')
    },
  )

  test.each([[[30, 0]], [[-1]], [[NaN]], [['30']], [[null]], [[undefined]], [[month + 1]]])(
    'rejects %j for one of its rungs',
    (ladder) => {
      expect(faultOf({ [limit]: ladder })).toMatch(new RegExp(`^policy\\.${limit} is .+; set it`))
    },
  )
})

describe('a wait between messages', () => {
  test('can be 0 with relaxed standards, as in tests', () => {
    const ladder = [0, 30]
    const { resendLadderSeconds } = resolvePolicy({
      ...{ standards: 'relaxed', resendLadderSeconds: ladder },
    })
    expect(resendLadderSeconds).toEqual(ladder)
    expect(faultOf({ resendLadderSeconds: ladder })).toContain("policy.standards to 'relaxed'")
    expect(faultOf({ standards: 'relaxed', resendLadderSeconds: [-1] })).toContain('from 0 to')
  })
})

describe('a lock, with strict standards', () => {
  test.each([[[1_800]], [[1_800, 1_800]], [[86_400, 1_800]], [[month]]])(
    'can last %j',
    (ladder) => {
      expect(resolvePolicy({ lockLadderSeconds: ladder }).lockLadderSeconds).toEqual(ladder)
    },
  )

  test.each([[[0.001]], [[1]], [[1_799.999]], [[1_800, 60]], [[3_600, 1_799]]])(
    'lasts at least half an hour, not %j, as PCI DSS 8.3.4 demands',
    (ladder) => {
      expect(faultOf({ lockLadderSeconds: ladder })).toMatch(
        /^policy\.lockLadderSeconds is [\d.]+; set it to a number from 1800 to 2592000, or set policy\.standards to 'relaxed'/,
      )
    },
  )

  test.each([[[0]], [[month + 1]]])('of %j is rejected whatever the standards', (ladder) => {
    expect(faultOf({ lockLadderSeconds: ladder })).not.toContain('relaxed')
  })
})

describe('lifetime and grace together', () => {
  test.each([
    [570, 30],
    [590, 10],
    [600, 0],
  ])('can be exactly 600 s with strict standards: %d and %d', (life, grace) => {
    const policy = resolvePolicy({ codeLifetimeSeconds: life, graceSeconds: grace })
    expect([policy.codeLifetimeSeconds, policy.graceSeconds]).toEqual([life, grace])
  })

  test.each([
    [571, 30],
    [600, 1],
  ])('cannot be more: %d and %d', (life, grace) => {
    expect(faultOf({ codeLifetimeSeconds: life, graceSeconds: grace })).toBe(
      `policy.graceSeconds is ${grace}, but codeLifetimeSeconds and graceSeconds together may be ` +
        `at most 600; set graceSeconds to ${600 - life} or less, or shorten codeLifetimeSeconds`,
    )
  })

  test.each([
    [590, 10],
    [595, 5],
    [600, 0],
  ])('a lifetime of %d alone leaves a grace of %d', (codeLifetimeSeconds, grace) => {
    expect(resolvePolicy({ codeLifetimeSeconds }).graceSeconds).toBe(grace)
  })

  test('have no common bound with relaxed standards', () => {
    const policy = resolvePolicy({
      standards: 'relaxed',
      codeLifetimeSeconds: 86_400,
      graceSeconds: 30,
    })
    expect(policy.graceSeconds).toBe(30)
  })
})

describe('an error of strict standards', () => {
  test.each([
    { codeLength: 5 },
    { codeLifetimeSeconds: 601 },
    { lockAfterFailures: 11 },
    { grantLifetimeSeconds: 86_401 },
  ])('suggests relaxed standards if they would help: %j', (options) => {
    expect(faultOf(options)).toContain(`policy.standards to 'relaxed'`)
    expect(() => resolvePolicy({ ...options, standards: 'relaxed' })).not.toThrow()
  })

  test.each([{ maxAttempts: 11 }, { hardStopFailures: 101 }, { pendingSeconds: 3_601 }])(
    'does not suggest them if they would not help: %j',
    (options) => {
      expect(faultOf(options)).not.toContain('relaxed')
      expect(() => resolvePolicy({ ...options, standards: 'relaxed' })).toThrow(ConfigurationError)
    },
  )
})

describe('an unknown limit', () => {
  test.each(['digits', 'maxAttempt', 'ttl', 'toString', 'constructor', 'hasOwnProperty', '0'])(
    'is rejected: %s',
    (key) => {
      const fault = faultOf({ [key]: 6 })
      expect(fault).toContain(`policy: ${key} is not an option; the options are standards, `)
      expect(fault).toContain('codeLifetimeSeconds')
    },
  )

  test('is rejected even if it is called __proto__', () => {
    const options: unknown = JSON.parse('{"__proto__": {"codeLength": 4}}')
    expect(faultOf(options)).toContain('policy: __proto__ is not an option')
  })

  test('is rejected even if its value is undefined', () => {
    expect(faultOf({ digits: undefined })).toContain('policy: digits is not an option')
  })
})

test('a policy error also names its limit in a property', () => {
  for (const [options, option] of [
    [{ codeLength: 5 }, 'policy.codeLength'],
    [{ maxAttempts: 1.5 }, 'policy.maxAttempts'],
    [{ lockLadderSeconds: [] }, 'policy.lockLadderSeconds'],
    [{ standards: 'lax' }, 'policy.standards'],
    [{ codeLifetimeSeconds: 600, graceSeconds: 1 }, 'policy.graceSeconds'],
  ] as const) {
    const resolve = () => resolvePolicy(options as PolicyOptions)
    expect(resolve).toThrow(expect.objectContaining({ option }))
  }
})

/** The message of the error that rejects these options, as JavaScript may pass them. */
function faultOf(options: unknown): string {
  try {
    resolvePolicy(options as PolicyOptions)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as ConfigurationError).message
  }
  throw new Error('no fault')
}
