import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../../src/core/errors.js'
import { resolveTotpOptions } from '../../../src/factors/totp/options.js'
import { openHeld } from '../held-rig.js'

const { tools } = openHeld()
const relaxed = openHeld({ policy: { standards: 'relaxed' } }).tools

describe('the options of an app', () => {
  test('are all optional: by default the application’s name and one step of drift', () => {
    expect(resolveTotpOptions({}, tools)).toMatchObject({
      issuer: 'Example',
      driftSteps: 1,
      name: 'Authenticator app',
    })
  })

  test('are used as given', () => {
    const options = { issuer: 'Pennywort', driftSteps: 0, name: 'App' }
    expect(resolveTotpOptions(options, tools)).toMatchObject(options)
    expect(resolveTotpOptions({ driftSteps: 2 }, relaxed).driftSteps).toBe(2)
  })

  test.each<[option: string, options: object]>([
    ['totp.issuer', { issuer: 5 }],
    ['totp.name', { name: '' }],
    ['totp.name', { name: '  ' }],
    ['totp.name', { name: 'n'.repeat(65) }],
    ['totp.name', { name: null }],
    ['totp.driftSteps', { driftSteps: 2 }],
    ['totp.driftSteps', { driftSteps: -1 }],
    ['totp.driftSteps', { driftSteps: 0.5 }],
    ['totp.driftSteps', { driftSteps: '1' }],
    ['totp.driftSteps', { driftSteps: NaN }],
    ['totp.digits', { digits: 8 }],
  ])('are refused where they cannot be used, and the error names %s', (option, options) => {
    expect(errorOf(options)).toMatchObject({ option })
    expect(errorOf(options).message).toContain(option.slice('totp.'.length))
  })

  test('allow two steps of drift only with relaxed standards, and the error says so', () => {
    expect(errorOf({ driftSteps: 2 }).message).toContain(`'relaxed'`)
    expect(() => resolveTotpOptions({ driftSteps: 3 }, relaxed)).toThrow('from 0 to 2')
  })
})

function errorOf(options: object): ConfigurationError {
  try {
    resolveTotpOptions(options, tools)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return error as ConfigurationError
  }
  throw new Error('the options were taken')
}
