/** The options and limits that adapters over HTTP share: URLs, timeouts and waits. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { resolveTimeout, startDeadline, timedOut } from '../../src/adapters/http/deadline.js'
import { retryAfterSeconds } from '../../src/adapters/http/retry-after.js'
import { secureBaseUrl, secureUrl } from '../../src/adapters/http/secure-url.js'
import { ConfigurationError } from '../../src/core/errors.js'

describe('secureUrl', () => {
  test.each([
    'https://sms.example.com/a?b=c#d',
    'https://10.0.0.1',
    'http://localhost:3000',
    'http://127.0.0.1:3000/a',
    'http://127.255.0.3',
    'http://0x7f.1',
    'http://[::1]:3000',
  ])('accepts %s', (url) => {
    expect(secureUrl('sender', 'callback', url).href).toBe(new URL(url).href)
  })

  test.each<unknown>([
    'http://sms.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://[::2]',
    'http://0.0.0.0',
    'ftp://127.0.0.1',
    'https://user@sms.example.com',
    'https://:secret@sms.example.com',
    'http://user:secret@127.0.0.1',
    'sms.example.com',
    '/receipts',
    '',
    7,
    null,
    undefined,
  ])('rejects %j, and does not repeat it', (value) => {
    const check = () => secureUrl('sender', 'callback', value)
    expect(check).toThrow(ConfigurationError)
    expect(check).toThrow(/^sender: callback must be an https: URL/)
    expect(check).toThrow(expect.objectContaining({ option: 'callback' }))
    expect(check).not.toThrow(/secret|example/)
  })
})

describe('secureBaseUrl', () => {
  test('rejects a query and a fragment, because paths cannot be appended to them', () => {
    expect(secureBaseUrl('sender', 'baseUrl', 'https://a.example/b/').pathname).toBe('/b/')
    for (const url of ['https://a.example/?key=secret', 'https://a.example/#secret']) {
      const check = () => secureBaseUrl('sender', 'baseUrl', url)
      expect(check).toThrow('sender: baseUrl must have no query and no fragment')
    }
  })
})

describe('resolveTimeout', () => {
  test('defaults to 10 seconds', () => {
    expect(resolveTimeout('sender', undefined)).toBe(10)
    expect(resolveTimeout('sender', 14)).toBe(14)
    expect(resolveTimeout('sender', 0.5)).toBe(0.5)
  })

  test.each([0, -1, 14.1, Number.NaN, Infinity, '5', null])('rejects %j', (seconds) => {
    expect(() => resolveTimeout('sender', seconds)).toThrow(
      'sender: timeoutSeconds must be a number above 0 and at most 14',
    )
  })
})

describe('startDeadline', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('aborts the signal and resolves once the seconds have passed', async () => {
    const deadline = startDeadline(2)
    vi.advanceTimersByTime(1_999)
    expect(deadline.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(deadline.signal.aborted).toBe(true)
    expect(await deadline.passed).toBe(timedOut)
  })

  test('leaves no timer behind once it is cleared', () => {
    const deadline = startDeadline(2)
    deadline.clear()
    expect(vi.getTimerCount()).toBe(0)
    expect(deadline.signal.aborted).toBe(false)
  })
})

describe('retryAfterSeconds', () => {
  test.each<[unknown, number | undefined]>([
    ['42', 42],
    [42, 42],
    ['1.2', 2],
    ['3600', 3600],
    ['86400', 3600],
    ['0', undefined],
    ['-1', undefined],
    ['', undefined],
    ['soon', undefined],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('of %j is %j', (header, seconds) => {
    expect(retryAfterSeconds(header)).toBe(seconds)
  })
})
