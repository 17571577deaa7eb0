/** The URI that apps read: every name in it is encoded so that apps show it unchanged. */

import { describe, expect, test } from 'vitest'

import { keyUri } from '../../../src/factors/totp/uri.js'

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const uriOf = (issuer: string, account: string) => keyUri({ issuer, account, secret })

/** Reads an address as an app does. */
function readBy(uri: string): { label: string; issuer: string | null; names: string[] } {
  const { protocol, host, pathname, searchParams } = new URL(uri)
  expect([protocol, host]).toEqual(['otpauth:', 'totp'])
  expect(searchParams.get('secret')).toBe(secret)
  return {
    label: decodeURIComponent(pathname.slice(1)),
    issuer: searchParams.get('issuer'),
    names: [...searchParams.keys()],
  }
}

describe('a URI', () => {
  test('contains issuer, account and secret, and no default that apps may ignore', () => {
    const uri = uriOf('Example', 'alice@example.com')
    expect(uri).toBe(`otpauth://totp/Example:alice%40example.com?secret=${secret}&issuer=Example`)
    expect(readBy(uri).names).toEqual(['secret', 'issuer'])
  })

  test.each([
    ['spaces', 'My Bank', 'Alice B', 'My Bank:Alice B'],
    ['a plus', 'A+B', 'alice+test@example.com', 'A+B:alice+test@example.com'],
    ['a per cent sign', '100%', '50%25', '100%:50%25'],
    ['characters of addresses', 'A&B=C?D#E/F', 'a&b=c?d#e/f', 'A&B=C?D#E/F:a&b=c?d#e/f'],
    ['markup', '<script>alert(1)</script>', '"><b>', '<script>alert(1)</script>:"><b>'],
    ['quotes', `O'Brien "&" Sons`, "o'brien", `O'Brien "&" Sons:o'brien`],
    ['other scripts', 'Банк', 'علي', 'Банк:علي'],
    ['an emoji of several characters', '👨‍👩‍👧 Family', 'é', '👨‍👩‍👧 Family:é'],
  ])('keeps names with %s', (_, issuer, account, label) => {
    const uri = uriOf(issuer, account)
    expect(uri).not.toContain('+')
    expect(uri).not.toMatch(/[<>" ]/)
    expect(readBy(uri)).toMatchObject({ label, issuer })
  })

  test('contains no colon from a name, because a colon ends the issuer', () => {
    expect(readBy(uriOf('A:B', 'x:y:z'))).toMatchObject({ label: 'AB:xyz', issuer: 'AB' })
  })

  test('contains no invisible or bidirectional control character', () => {
    const uri = uriOf('Ex\u202Eample\u0000', 'ali\u2066ce\n\r\t\u007F\u200F\uD800')
    expect(readBy(uri)).toMatchObject({ label: 'Example:alice', issuer: 'Example' })
  })

  test('has no issuer if the application has no name', () => {
    expect(uriOf('', 'alice')).toBe(`otpauth://totp/alice?secret=${secret}`)
    expect(uriOf(' : ', 'alice')).toBe(`otpauth://totp/alice?secret=${secret}`)
  })

  test('has a label even if no name can be encoded', () => {
    expect(uriOf('Example', '::')).toBe(`otpauth://totp/Example?secret=${secret}&issuer=Example`)
    expect(uriOf('', '\u202E')).toBe(`otpauth://totp/Account?secret=${secret}`)
  })

  test.each([
    ['letters', 'a'.repeat(500)],
    ['letters of three bytes', '字'.repeat(500)],
    ['emoji', '👨‍👩‍👧'.repeat(500)],
    ['one character of endless marks', `a${'\u0301'.repeat(5_000)}`],
  ])('shortens names of 500 %s at a character boundary', (_, long) => {
    const uri = uriOf(long, long)
    expect(uri.length).toBeLessThanOrEqual(586)
    const { label, issuer } = readBy(uri)
    const [by = '', of = ''] = label.includes(':') ? label.split(':') : ['', label]
    expect(long.startsWith(by)).toBe(true)
    expect(long.startsWith(of) || of === 'Account').toBe(true)
    expect(issuer ?? '').toBe(by)
    expect(label).not.toContain('\uFFFD')
  })
})
