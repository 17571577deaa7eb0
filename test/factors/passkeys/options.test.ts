/** The options of `passkeys()`, and the errors for invalid ones. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../../src/core/errors.js'
import {
  resolvePasskeysOptions,
  type PasskeysOptions,
} from '../../../src/factors/passkeys/options.js'
import { openHeld } from '../held-rig.js'

const { tools } = openHeld()
const resolve = (options: object) => resolvePasskeysOptions(options as PasskeysOptions, tools)

function faultOf(options: object): ConfigurationError {
  try {
    resolve(options)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
  }
  throw new Error(`${JSON.stringify(options)} was accepted`)
}

test('has lenient defaults, on the domain itself', () => {
  expect(resolve({ rpId: 'example.com' })).toMatchObject({
    ...{ rpId: 'example.com', rpName: 'Example', origins: ['https://example.com'], max: 5 },
    ...{ userVerification: 'discouraged', residentKey: 'discouraged' },
  })
})

test('is named after the domain if the application has no name', () => {
  const { tools: nameless } = openHeld({ appName: '' })
  expect(resolvePasskeysOptions({ rpId: 'example.com' }, nameless).rpName).toBe('example.com')
})

describe('the domain', () => {
  test.each([
    'example.com',
    'a.b-c.example.co.uk',
    'xn--bcher-kva.example',
    '1and1.com',
    'localhost',
  ])('can be %s', (rpId) => {
    expect(resolve({ rpId, origins: [`https://${rpId}`] }).rpId).toBe(rpId)
  })

  test.each(['127.0.0.1', '192.168.0.10', '1.2.3', '::1', '[::1]', '2001:db8::1'])(
    'cannot be %s, an IP address, and the error says how to develop without one',
    (rpId) => {
      const fault = faultOf({ rpId, origins: [`https://${rpId}`] })
      expect(fault.option).toBe('passkeys.rpId')
      if (/^\d/.test(rpId) || rpId.includes('::')) {
        expect(fault.message).toContain('IP address')
        expect(fault.message).toContain("origins: ['http://localhost:3000']")
      }
    },
  )

  test.each([
    ...[undefined, null, 1, '', ' ', 'com', 'Example.com', 'example.com.', '.example.com'],
    ...['https://example.com', 'example.com:443', 'example.com/', '*.example.com', 'a..b'],
    ...['-a.com', 'a-.com', 'a_b.com', 'bücher.example', 'example.123', `${'a'.repeat(64)}.com`],
  ])('cannot be %j', (rpId) => {
    expect(faultOf({ rpId }).option).toBe('passkeys.rpId')
  })
})

describe('the origins', () => {
  test.each([
    ['example.com', ['https://example.com', 'https://www.example.com:8443']],
    ['localhost', ['http://localhost:3000']],
    ['localhost', ['https://localhost', 'http://app.localhost:8080']],
  ])('of %s can be %j', (rpId, origins) => {
    expect(resolve({ rpId, origins }).origins).toEqual(origins)
  })

  test.each([
    ...['http://example.com', 'https://example.com.evil', 'https://evil.example'],
    ...['https://notexample.com', 'https://com', 'https://example.com/', 'https://example.com/a'],
    ...['https://example.com:443', 'HTTPS://example.com', 'https://user@example.com', 'null'],
    ...['example.com', '', 'ftp://example.com', null, 1, 'http://localhost:3000'],
  ])('of example.com cannot be %j', (origin) => {
    expect(faultOf({ rpId: 'example.com', origins: [origin] }).option).toBe('passkeys.origins')
  })

  test('of localhost have to be given, because they include a port', () => {
    const fault = faultOf({ rpId: 'localhost' })
    expect(fault.option).toBe('passkeys.origins')
    expect(fault.message).toContain("['http://localhost:3000']")
  })

  test.each([[[]], ['https://example.com'], [null], [{}]])('cannot be %j', (origins) => {
    expect(faultOf({ rpId: 'example.com', origins }).option).toBe('passkeys.origins')
  })
})

test.each([
  ...[0, 6, 1.5, '5', null].map((max) => ({ max })),
  ...['never', '', null, true].map((userVerification) => ({ userVerification })),
  ...['always', null].map((residentKey) => ({ residentKey })),
  ...['', ' ', 7, null].map((rpName) => ({ rpName })),
])('%j is refused, and named', (options) => {
  const [name] = Object.keys(options)
  expect(faultOf({ rpId: 'example.com', ...options }).option).toBe(`passkeys.${String(name)}`)
})

test('an unknown option is refused', () => {
  expect(faultOf({ rpId: 'example.com', rpID: 'example.com' }).option).toBe('passkeys.rpID')
})
