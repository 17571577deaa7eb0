/**
 * People write a phone as they would dial it from where they are. Read with another country's dialling prefix, it is a
 * stranger's phone.
 */

import {
  getCountries,
  getCountryCallingCode,
  Metadata,
  type CountryCode,
} from 'libphonenumber-js/max'
import { describe, expect, test } from 'vitest'

import { phoneParser } from '../../../src/factors/phone/phone-number.js'

const parsed = (number: string) => ({ status: 'parsed', number })
const invalid = { status: 'refused', code: 'destination_invalid' }
const inCountry = (defaultCountry: string, text: string) => phoneParser({ defaultCountry })(text)
const nowhere = phoneParser()

const phones = ['+6592234567', '+237671234567', '+447400123456', '+919876543210', '+14155550123']

/** Every prefix of up to eight digits that the metadata of a country knows. */
function prefixesOf(country: CountryCode): string[] {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  const pattern = new RegExp(`^(?:${metadata.numberingPlan?.IDDPrefix() ?? ''})$`)
  const found: string[] = []
  for (let length = 1; length <= 5; length += 1) {
    for (let value = 0; value < 10 ** length; value += 1) {
      const prefix = String(value).padStart(length, '0')
      if (pattern.test(prefix)) found.push(prefix)
    }
  }
  const carriers = ['14110011', '14880011', '11200', '17900', '12000', '19110', '191100', '199000']
  return [...found, ...carriers.filter((prefix) => pattern.test(prefix) && !found.includes(prefix))]
}

describe('a phone as dialled from abroad', () => {
  test.each(getCountries())(
    'is read correctly in %s, after every prefix in use there',
    (country) => {
      const parse = phoneParser({ defaultCountry: country })
      const prefixes = prefixesOf(country)
      expect(prefixes.length).toBeGreaterThan(0)
      const home = `+${getCountryCallingCode(country)}`
      for (const phone of phones.filter((each) => !each.startsWith(home))) {
        for (const prefix of prefixes) {
          expect([prefix, parse(prefix + phone.slice(1))]).toEqual([prefix, parsed(phone)])
        }
      }
    },
  )

  test('from Australia is not read as an American phone', () => {
    expect(inCountry('AU', '0011 65 9223 4567')).toEqual(parsed('+6592234567'))
    expect(inCountry('US', '011 65 9223 4567')).toEqual(parsed('+6592234567'))
    expect(inCountry('KR', '001 65 9223 4567')).toEqual(parsed('+6592234567'))
    expect(inCountry('JP', '010 65 9223 4567')).toEqual(parsed('+6592234567'))
    expect(inCountry('RU', '810 65 9223 4567')).toEqual(parsed('+6592234567'))
  })

  test('is refused if the country’s own prefix yields no phone, although another’s would', () => {
    // 0011 and a digit too few is no phone of America either.
    expect(inCountry('AU', '0011 65 9223 456')).toEqual(invalid)
    expect(inCountry('KR', '001 65 9223 45678')).toEqual(invalid)
    expect(inCountry('US', '0011 65 9223 4567')).toEqual(invalid)
  })
})

describe('a phone after 00, without a default country', () => {
  test.each(['+237671234567', '+33612345678', '+447400123456', '+919876543210', '+14155550123'])(
    'is read as that phone: %s',
    (phone) => {
      expect(nowhere(`00${phone.slice(1)}`)).toEqual(parsed(phone))
      expect(inCountry('US', `00${phone.slice(1)}`)).toEqual(parsed(phone))
    },
  )

  test.each([
    ['0011 65 9223 4567', 'Singapore from Australia, or Alabama'],
    ['001 65 9223 4567', 'Singapore from Korea, or Alabama'],
    ['00 1 659 223 4567', 'Alabama, or Singapore from Korea'],
    ['009 1 812 345 6789', 'Indiana from Nigeria, or India'],
    ['00 91 81234 56789', 'India, or Indiana from Nigeria'],
    ['005 84 912 345 678', 'Vietnam from Uganda, or Venezuela'],
  ])('is refused if it could be a stranger’s: %s, %s', (text) => {
    expect(nowhere(text).status).toBe('refused')
  })

  test.each([
    '011 65 9223 4567',
    '010 65 9223 4567',
    '810 65 9223 4567',
    '65 9223 4567',
    '+00 65 9223 4567',
  ])('is refused after any other prefix: %s', (text) => {
    expect(nowhere(text)).toEqual(invalid)
  })
})
