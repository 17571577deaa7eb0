/** The phone factor calls the application's user callbacks. */

import { describe, expect, test } from 'vitest'

import { DirectoryUnavailableError } from '../../../src/core/errors.js'
import { phoneParser } from '../../../src/factors/phone/phone-number.js'
import type { PhoneDirectory } from '../../../src/factors/phone/ports/phone-directory.js'
import { createPhoneUsers } from '../../../src/factors/phone/users.js'
import { ask } from '../../../src/flows/users.js'
import { cameroon } from '../../support/phones.js'

const usersOf = (directory: PhoneDirectory<string>) =>
  createPhoneUsers<string>({ id: (user) => user, ...directory }, phoneParser(), {
    ask,
    read: () => Promise.resolve(null),
  })

describe('a user’s phone', () => {
  test('is read in canonical form, and as verified unless the application says otherwise', async () => {
    const found = { status: 'found', number: cameroon, verified: true, phoneClass: 'stated' }
    expect(await usersOf({ phone: () => '00237 671 234 567' }).destination('u')).toEqual(found)
    const unverified = { number: '+237 671 234 567', verified: false }
    expect(await usersOf({ phone: () => Promise.resolve(unverified) }).destination('u')).toEqual({
      ...found,
      verified: false,
      phoneClass: 'new',
    })
    const verified = { number: cameroon, verified: true }
    expect(await usersOf({ phone: () => verified }).destination('u')).toEqual({
      ...found,
      phoneClass: 'known',
    })
  })

  test.each([null, undefined, '', { number: '', verified: true }])(
    'is missing if the application returns %j',
    async (phone) => {
      expect(await usersOf({ phone: () => phone }).destination('u')).toEqual({
        status: 'refused',
        code: 'destination_missing',
      })
    },
  )

  test('is refused if it is impossible or premium-rate', async () => {
    const answerTo = (phone: string) => usersOf({ phone: () => phone }).destination('u')
    expect(await answerTo('12345')).toMatchObject({ code: 'destination_invalid' })
    expect(await answerTo('+1 900 555 0123')).toMatchObject({ code: 'destination_blocked' })
  })

  const broken: [string, () => never | Promise<never>][] = [
    [
      'throws',
      () => {
        throw new Error('no such table: users')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no such table: users'))],
  ]

  test.each(broken)('is a fault, never missing, if its callback %s', async (_how, phone) => {
    const error: unknown = await usersOf({ phone })
      .destination('u')
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DirectoryUnavailableError)
    expect(error).toMatchObject({
      message: expect.not.stringContaining('no such table') as string,
    })
  })
})
