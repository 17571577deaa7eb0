/** The flows call the application's user callbacks: ids, languages, and whether the second factor is required. */

import { afterEach, describe, expect, test, vi } from 'vitest'

import { ConfigurationError, DirectoryUnavailableError } from '../../src/core/errors.js'
import { toSubject } from '../../src/core/subject.js'
import { createUsers } from '../../src/flows/users.js'
import type { UserDirectory } from '../../src/ports/user-directory.js'

afterEach(() => {
  vi.useRealTimers()
})

const usersOf = (directory: Partial<UserDirectory<string>>) =>
  createUsers<string>({ id: (user) => user, ...directory })

describe('a subject', () => {
  test.each([
    ['alice', 'alice'],
    ['7', '7'],
    [7, '7'],
    [0, '0'],
    [-7, '-7'],
    [9_007_199_254_740_991, '9007199254740991'],
    [9_007_199_254_740_993n, '9007199254740993'],
    ['a b', 'a b'],
    ['élodie@example.com', 'élodie@example.com'],
    ['😀', '😀'],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['telephone', 'telephone'],
  ])('is the user’s id as a string: %s', (id, subject) => {
    expect(toSubject(id)).toBe(subject)
  })

  test.each([
    ['', 'empty'],
    [' ', 'white space'],
    [' alice', 'white space in front'],
    ['alice\n', 'a line feed behind'],
    ['x'.repeat(201), 'too long'],
    ['al\0ice', 'a NUL within'],
    ['\0alice', 'a NUL in front'],
    ['alice\0', 'a NUL behind'],
    ['\u0007', 'a control character alone'],
    ['al\uD800ice', 'half a character within'],
    ['\uD800', 'half a character alone'],
    ['tel:+237671234567', 'the subject of a phone'],
    ['tel:', 'the prefix of phones'],
    [NaN, 'the same for many users'],
    [Infinity, 'the same for many users'],
    [9_007_199_254_740_992, 'the same for several users'],
    [0.5, 'a fraction'],
    [null, 'nothing'],
    [undefined, 'nothing'],
    [true, 'a boolean'],
    [['alice'], 'a list'],
    [{ toString: () => 'alice' }, 'an object'],
  ])('is never %j: %s', (...[id]: [unknown, string]) => {
    expect(() => toSubject(id)).toThrow(ConfigurationError)
    expect(() => toSubject(id)).toThrow('users.id must return')
  })
})

describe('the second factor', () => {
  test.each([true, undefined, null])(
    'is required if the application returns %j',
    async (answer: unknown) => {
      expect(await usersOf({ isRequired: () => answer as boolean }).isRequired('u')).toBe(true)
    },
  )

  test.each([
    ...[0, 1, 0n, NaN, '', '0', 'f', 'false'],
    ...[Buffer.of(0), { required: false }, [], new Boolean(false)],
  ])(
    'is neither required nor waived by %o, a database’s boolean: the error says what to return',
    async (answer: unknown) => {
      const required: unknown = await usersOf({ isRequired: () => answer as boolean })
        .isRequired('u')
        .catch((error: unknown) => error)
      expect(required).toBeInstanceOf(ConfigurationError)
      expect(required).toMatchObject({ option: 'users.isRequired' })
      expect(String(required)).toMatch(/must return true or false; .*write isRequired: .*Boolean/)
    },
  )

  test('is required by default, and waived only by a strict false', async () => {
    expect(await usersOf({}).isRequired('u')).toBe(true)
    expect(await usersOf({ isRequired: () => false }).isRequired('u')).toBe(false)
    expect(await usersOf({ isRequired: () => Promise.resolve(false) }).isRequired('u')).toBe(false)
  })
})

describe('an application callback', () => {
  const broken: [string, () => never | Promise<never>][] = [
    [
      'throws',
      () => {
        throw new Error('no such table: users')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such table: users'))],
  ]

  test.each(broken)('that %s is a fault, never a result', async (_how, callback) => {
    const error: unknown = await usersOf({ isRequired: callback })
      .isRequired('u')
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DirectoryUnavailableError)
    expect(error).toMatchObject({
      message: expect.not.stringContaining('no such table') as string,
    })
  })

  test('that never settles times out after 5 seconds', async () => {
    vi.useFakeTimers()
    const users = usersOf({ isRequired: () => new Promise(() => undefined) })
    let failed = false
    const work = users.isRequired('u').catch(() => (failed = true))
    await vi.advanceTimersByTimeAsync(4_999)
    expect(failed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await work
    expect(failed).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})
