import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../../src/core/errors.js'
import type { LineType } from '../../../src/factors/phone/line-types.js'
import { maskPhone } from '../../../src/factors/phone/mask.js'
import { maxPhoneLength, phoneParser } from '../../../src/factors/phone/phone-number.js'
import { cameroon, india } from '../../support/phones.js'

const parse = phoneParser()
const parsed = (number: string) => ({ status: 'parsed', number })
const invalid = { status: 'refused', code: 'destination_invalid' }
const blocked = { status: 'refused', code: 'destination_blocked' }

describe('the demo phones', () => {
  test.each([cameroon, india, '+14155550123'])(
    'include %s, which is a possible phone number',
    (number) => {
      expect(parse(number)).toEqual(parsed(number))
    },
  )
})

describe('a phone number', () => {
  test.each([
    '+237671234567',
    '+237 671 234 567',
    ' +237 6 71 23 45 67 ',
    '+237-671-234-567',
    '+237.671.234.567',
    '+237/671/234/567',
    '+(237) 671 234 567',
    '(+237) 671 234 567',
    '[+237] [671] 234567',
    '00237671234567',
    '00 237 671 23 45 67',
    '(00237) 671234567',
    'tel:+237671234567',
    'TEL:+237-671-234-567',
    'tel: +237 671234567',
    'tel:00237671234567',
    '＋２３７６７１２３４５６７',
    '+２３７ ６７１２３４５６７',
    '００２３７６７１２３４５６７',
    '+237（671）234－567',
    '+237\u00A0671\u00A0234\u00A0567',
    '+237\u202F671\u2009234\u3000567',
    '+237\u2010671\u2011234\u2013567',
    '+237671234567\n',
    '\r\n+237671234567',
    '+237671\t234567',
    '+237\u200B671234567',
    '+237671234567\u200D',
    '\uFEFF+237671234567',
    '+237\u00AD671234567',
    '\u200E+237671234567',
    '\u202A+237671234567\u202C',
    '\u2066+237 671 23 45 67\u2069',
    '\u202D+237\u202F671\u202F234\u202F567\u202C',
    '+237\u2212671\u2212234\u2212567',
    '+237\u30FC671\u30FC234567',
    '+237･671･234567',
    '(+237)・671・234567',
    '+٢٣٧٦٧١٢٣٤٥٦٧',
    '+२३७६७१२३४५६७',
    '٠٠٢٣٧٦٧١٢٣٤٥٦٧',
    '\u2795\uFE0F237671234567',
    '- +237 671 234 567',
  ])('has one canonical form, however it is spelt: %s', (spelling) => {
    expect(parse(spelling)).toEqual(parsed(cameroon))
  })

  test('keeps its form through every mix of punctuation', () => {
    const mark = fc.constantFrom('', '', '', ' ', '-', '.', '(', ')', '/', '\u00A0')
    const digit = (char: string) => fc.constantFrom(char, fullWidth(char))
    const spelled = fc
      .tuple(
        fc.constantFrom('+', '＋', '00', 'tel:+', 'Tel:00', '(+', ' +'),
        ...Array.from(cameroon.slice(1)).flatMap((char) => [digit(char), mark]),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(spelled, (text) => {
        const expected = text.length > maxPhoneLength ? invalid : parsed(cameroon)
        expect(parse(text)).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  test('is read in its national form only if there is a default country', () => {
    expect(parse('671 23 45 67')).toEqual(invalid)
    expect(phoneParser({ defaultCountry: 'CM' })('671 23 45 67')).toEqual(parsed(cameroon))
    expect(phoneParser({ defaultCountry: 'cm' })('６７１２３４５６７')).toEqual(parsed(cameroon))
    expect(phoneParser({ defaultCountry: 'IN' })('098765 43210')).toEqual(parsed(india))
    expect(phoneParser({ defaultCountry: 'US' })('(415) 555-0123')).toEqual(parsed('+14155550123'))
    expect(phoneParser({ defaultCountry: 'GB' })('(020) 7946 0958')).toEqual(
      parsed('+442079460958'),
    )
  })

  test('in full form belongs to its own country, whatever the default', () => {
    const american = phoneParser({ defaultCountry: 'US' })
    for (const text of ['+237671234567', '00237671234567', '011 237 671 234 567']) {
      expect(american(text)).toEqual(parsed(cameroon))
    }
  })

  test('loses the trunk zero if its country has one, and otherwise keeps the zero', () => {
    expect(parse('+44 (0)20 7946 0958')).toEqual(parsed('+442079460958'))
    expect(parse('+39 06 6981 2345')).toEqual(parsed('+390669812345'))
    expect(parse('+39 6 6981 2345')).toEqual(invalid)
  })
})

describe('a string that is not a phone number', () => {
  test.each([
    ['', 'nothing'],
    [' ', 'nothing but space'],
    ['+', 'a lone plus'],
    ['tel:', 'a lone scheme'],
    ['00', 'a lone prefix'],
    ['()-.', 'marks alone'],
    ['112', 'a short code'],
    ['+2376712345', 'too few digits'],
    ['+2376712345678', 'too many digits'],
    ['+999671234567', 'a calling code that nobody has'],
    ['+1234', 'far too few digits'],
    ['++237671234567', 'two pluses'],
    ['+237+671234567', 'a plus within'],
    ['237671234567+', 'a plus behind'],
    ['+237671234567 ext 5', 'an extension'],
    ['+237671234567 x5', 'an extension'],
    ['+237671234567#5', 'an extension'],
    ['+237671234567;ext=5', 'an extension'],
    ['+237671234567,,5', 'a pause and more digits'],
    ['+237671234567,+919876543210', 'two numbers'],
    ['+237671234567;+919876543210', 'two numbers'],
    ['+237671234567 or 8', 'words'],
    ['+23767123456O', 'a letter for a zero'],
    ['1-415-FLOWERS', 'letters for digits'],
    ['tel:tel:+237671234567', 'two schemes'],
    ['sms:+237671234567', 'another scheme'],
    ['+237671234567\0', 'a NUL'],
    ['+2376\u001B71234567', 'an escape'],
    ['\u202E765432176732+', 'a right-to-left override'],
    ['+²³⁷671234567', 'superscript digits'],
    ['+237\uD800671234567', 'half a character'],
    ['+237671234567@evil.example', 'an address'],
    ["+237671234567' OR 1=1--", 'SQL'],
  ])('is refused: %j, %s', (text) => {
    expect(parse(text)).toEqual(invalid)
    expect(phoneParser({ defaultCountry: 'FR' })(text)).toEqual(invalid)
  })

  test('includes any longer than 32 characters, counting spaces', () => {
    const longest = `+237671234567${' '.repeat(maxPhoneLength - 13)}`
    // Invisible characters do not count, as long as somebody can have pasted them.
    expect(parse(`${longest}${'\u200E'.repeat(100)}`)).toEqual(parsed(cameroon))
    expect(parse(`${longest}${'\u200E'.repeat(1000)}`)).toEqual(invalid)
    expect(maxPhoneLength).toBe(32)
    expect(parse(longest)).toEqual(parsed(cameroon))
    expect(parse(`${longest} `)).toEqual(invalid)
    expect(parse('+'.padEnd(1_000_000, '('))).toEqual(invalid)
  })

  test('is refused and never throws, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(['parsed', 'refused']).toContain(parse(text).status)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a premium-rate phone', () => {
  test.each([
    ['+1 900 555 0123', 'premium'],
    ['+44 909 879 0000', 'premium'],
    ['+33 899 12 34 56', 'premium'],
    ['+979 123 456 789', 'international premium'],
    ['+1 800 555 0123', 'toll-free'],
    ['+44 808 157 0192', 'toll-free'],
    ['+800 1234 5678', 'international toll-free'],
    ['+44 843 123 4567', 'shared-cost'],
    ['+808 1234 5678', 'international shared-cost'],
    ['+44 7640 123 456', 'a pager'],
    ['+44 70 1234 5678', 'a personal number'],
    ['+1 500 234 5678', 'a personal number'],
    ['+870 773 111 632', 'a satellite'],
    ['+881 612 345 678', 'a satellite'],
    ['+878 10 1234 567890', 'a personal number of no country'],
    ['+882 16 1234 5678', 'an international network'],
    ['+883 5100 1234 5678', 'an international network'],
    ['+888 123 456 78901', 'an international network'],
  ])('is blocked: %s, %s', (text) => {
    expect(parse(text)).toEqual(blocked)
  })

  test('is accepted if the application allows it, and other line types can be refused', () => {
    expect(phoneParser({ refusedLineTypes: [] })('+1 800 555 0123')).toEqual(parsed('+18005550123'))
    expect(phoneParser({ refusedLineTypes: ['MOBILE'] })(cameroon)).toEqual(blocked)
    expect(phoneParser({ refusedLineTypes: ['MOBILE'] })('+44 20 7946 0958').status).toBe('parsed')
    for (const text of ['+870773111632', '+881612345678', '+883510012345678', '+447012345678']) {
      expect(phoneParser({ refusedLineTypes: [] })(text)).toEqual(parsed(text))
    }
    const costly = phoneParser({ refusedLineTypes: ['PREMIUM_RATE', 'INTERNATIONAL_NETWORK'] })
    expect(costly('+881612345678')).toEqual(parsed('+881612345678'))
    expect(costly('+883510012345678')).toEqual(blocked)
  })

  test('is accepted on a global network only if its calling code is listed', () => {
    const listed = phoneParser({ allowedCountries: ['CM', '+881'] })
    expect(listed('+881612345678')).toEqual(parsed('+881612345678'))
    expect(listed(cameroon)).toEqual(parsed(cameroon))
    for (const text of ['+870773111632', '+883510012345678', '+447012345678', india]) {
      expect(listed(text)).toEqual(blocked)
    }
    const both = { allowedCountries: ['+881'], refusedLineTypes: ['SATELLITE' as const] }
    expect(phoneParser(both)('+881612345678')).toEqual(blocked)
    expect(() => phoneParser({ allowedCountries: ['+237'] })).toThrow(
      "phone.allowedCountries holds \"+237\"; write ISO 3166 codes such as 'CM' or 'US', or one of +870,",
    )
  })
})

describe('allowed countries', () => {
  const few = phoneParser({ allowedCountries: ['us', 'GB'] })

  test('accept their own phones', () => {
    expect(few('+14155550123')).toEqual(parsed('+14155550123'))
    expect(few('+44 7400 123456').status).toBe('parsed')
  })

  test.each([
    [cameroon, 'another country'],
    ['+1 416 555 0123', 'Canada, behind the same +1'],
    ['+1 809 555 0123', 'the Dominican Republic, behind the same +1'],
    ['+44 7624 123456', 'the Isle of Man, behind the same +44'],
    ['+44 7797 712345', 'Jersey, behind the same +44'],
    ['+7 912 345 67 89', 'Russia'],
    ['+870 773 111 632', 'a satellite'],
    ['+883 5100 1234 5678', 'an international network'],
  ])('block every other: %s, %s', (text) => {
    expect(few(text)).toEqual(blocked)
  })

  test('apply only to phone numbers: any other string is invalid, not blocked', () => {
    expect(few('+2376712345')).toEqual(invalid)
  })

  test('block everything if the list is empty', () => {
    expect(phoneParser({ allowedCountries: [] })(cameroon)).toEqual(blocked)
  })
})

describe('a nonexistent country', () => {
  test.each(['XX', 'USA', 'Cameroon', '237', ' CM'])('is refused at construction: %j', (code) => {
    expect(() => phoneParser({ defaultCountry: code })).toThrow(ConfigurationError)
    expect(() => phoneParser({ defaultCountry: code })).toThrow(
      `phone.defaultCountry holds ${JSON.stringify(code)}; write ISO 3166 codes such as 'CM' or 'US'`,
    )
    expect(() => phoneParser({ allowedCountries: ['CM', code] })).toThrow('phone.allowedCountries')
  })
})

describe('a misspelt option', () => {
  test.each(['allowCountries', 'country', 'toString'])('is refused at construction: %s', (name) => {
    const options = { [name]: ['CM'] }
    expect(() => phoneParser(options)).toThrow(ConfigurationError)
    expect(() => phoneParser(options)).toThrow(
      `phone: ${name} is not an option; the options are defaultCountry, allowedCountries`,
    )
  })

  test('is refused for a line type too, which would otherwise allow its lines', () => {
    const options = { refusedLineTypes: ['PREMIUM' as LineType] }
    expect(() => phoneParser(options)).toThrow(
      'phone.refusedLineTypes holds "PREMIUM"; the line types are PREMIUM_RATE',
    )
  })
})

describe('the mask', () => {
  test('shows the last two digits, and has the same length for every phone', () => {
    expect(maskPhone(cameroon)).toBe('••••67')
    expect(maskPhone('+14155550123')).toBe('••••23')
    expect(maskPhone('+2901234').length).toBe(maskPhone(cameroon).length)
  })
})

function fullWidth(digit: string): string {
  return String.fromCharCode(digit.charCodeAt(0) + 0xfee0)
}
