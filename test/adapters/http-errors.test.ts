/** Network errors that prove nothing was sent, as fetch, axios and Node report them. */

import { describe, expect, test } from 'vitest'

import { errorName } from '../../src/adapters/http/error-name.js'
import { fields } from '../../src/adapters/http/fields.js'
import { neverConnected } from '../../src/adapters/http/never-connected.js'
import { untrustedCertificate } from '../../src/adapters/http/untrusted-certificate.js'

const refused = { code: 'ECONNREFUSED' }
const unreachable = { code: 'EHOSTUNREACH', syscall: 'connect' }
const reset = { code: 'ECONNRESET', syscall: 'read' }

describe('neverConnected', () => {
  test.each<[string, unknown]>([
    ['a refused connection', refused],
    ['an unknown host', { code: 'ENOTFOUND' }],
    ['a DNS server that is down', { code: 'EAI_AGAIN' }],
    ['a DNS failure with any other code', { code: 'EAI_FAIL', syscall: 'getaddrinfo' }],
    ['a connect timeout of undici', { code: 'UND_ERR_CONNECT_TIMEOUT' }],
    ['a failed connect with any code', unreachable],
    ['an error whose cause is one of them', new TypeError('fetch failed', { cause: unreachable })],
    ['several addresses, all of which failed', { errors: [refused, unreachable] }],
    ['a cause with several addresses', { code: 'ETIMEDOUT', cause: { errors: [unreachable] } }],
  ])('is true for %s', (_name, error) => {
    expect(neverConnected(error)).toBe(true)
  })

  test.each<[string, unknown]>([
    ['a reset', reset],
    ['a timeout of an open connection', { code: 'ETIMEDOUT', syscall: 'read' }],
    ['several addresses, one of which was reset', { ...refused, errors: [refused, reset] }],
    ['an empty list of addresses', { errors: [] }],
    ['an error without a code', new Error('connect ECONNREFUSED')],
    ['a string', 'ECONNREFUSED'],
    ['null', null],
    ['undefined', undefined],
  ])('is false for %s', (_name, error) => {
    expect(neverConnected(error)).toBe(false)
  })
})

describe('untrustedCertificate', () => {
  test.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_CRL',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('returns %s, from the error or its cause', (code) => {
    expect(untrustedCertificate({ code })).toBe(code)
    expect(untrustedCertificate(new TypeError('fetch failed', { cause: { code } }))).toBe(code)
  })

  test.each([refused, reset, { code: 'CERT secret' }, { code: 7 }, undefined])(
    'returns null for %j',
    (error) => {
      expect(untrustedCertificate(error)).toBeNull()
    },
  )
})

describe('errorName', () => {
  test('returns only names, because an error code can contain a secret', () => {
    expect(errorName(reset)).toBe('ECONNRESET')
    for (const code of ['a-secret', 'SECRET 123', 'E'.repeat(50), '', 42, null]) {
      expect(errorName({ code })).toBeNull()
    }
  })
})

describe('fields', () => {
  test('are empty for values without any', () => {
    expect(fields({ a: 1 })).toEqual({ a: 1 })
    for (const value of [null, undefined, 'text', 7]) expect(fields(value)).toEqual({})
  })
})
