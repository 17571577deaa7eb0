/** Options about factors that people enrol: mistakes are found at construction. */

import { describe, expect, test } from 'vitest'

import { memoryStore, totp, recoveryCodes, createSecondFactor } from '../../src/index.js'
import { ConfigurationError } from '../../src/core/errors.js'
import { type Person } from '../support/held-app.js'

const forget = { hasFactors: () => false, setHasFactors: () => undefined }

describe('an unusable option is named, with the remedy', () => {
  const options = {
    secret: 'a secret of at least 32 bytes for tests',
    store: memoryStore(),
    users: { id: ({ id }: Person) => id, ...forget },
    factors: [totp<Person>(), recoveryCodes<Person>()],
  }
  test.each([
    ['enrolment.when', { enrolment: { when: 'never' } }],
    ['enrolment.graceSeconds', { enrolment: { graceSeconds: -1 } }],
    ['enrolment.graceSeconds', { enrolment: { graceSeconds: 90 * 86_400 + 1 } }],
    ['enrolment.graceSeconds', { enrolment: { graceSeconds: 1.5 } }],
    ['enrolment.grace', { enrolment: { grace: 1 } }],
    ['factors', { factors: [recoveryCodes()] }],
    ['users.hasFactors', { users: { id: options.users.id } }],
    ['users.hasFactors', { users: { id: options.users.id, hasFactors: () => false } }],
    ['trustedDevices', { trustedDevices: {} }],
    ['trustedDevices.days', { trustedDevices: { acceptAal1: true, days: 31 } }],
    ['trustedDevices.days', { trustedDevices: { acceptAal1: true, days: 0 } }],
    ['trustedDevices.forever', { trustedDevices: { acceptAal1: true, forever: true } }],
  ])('%s', (option, wrong) => {
    const make = () => createSecondFactor<Person>({ ...options, ...(wrong as object) })
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(expect.objectContaining({ option }) as Error)
  })

  test('each kind of factor only once', () => {
    expect(() => createSecondFactor<Person>({ ...options, factors: [totp(), totp()] })).toThrow(
      ConfigurationError,
    )
  })
})
