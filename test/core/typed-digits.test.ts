import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { cleanTyped, digitsWithin } from '../../src/core/typed-digits.js'
import { charactersOf, pastedDigits } from '../support/pasting.js'

const everyDigit = charactersOf(/\p{Nd}/u)

describe('a digit of any script', () => {
  test('is read as its value, in every script of this Unicode version', () => {
    // Each script has its ten digits side by side, zero first.
    const read = everyDigit.map((each) => cleanTyped(each)).join('')
    expect(everyDigit.length).toBeGreaterThanOrEqual(650)
    expect(read).toBe('0123456789'.repeat(everyDigit.length / 10))
  })

  test('is read as Intl writes it', () => {
    const systems = Intl.supportedValuesOf('numberingSystem')
    const written = systems
      .map((system) => new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }))
      .map((format) => format.format(9876543210))
      .filter((text) => /^\p{Nd}+$/u.test(text))
    expect(written.length).toBeGreaterThan(50)
    for (const text of written) expect(cleanTyped(text)).toBe('9876543210')
  })

  test.each(['¹²³⁴⁵⁶', '①②③④⑤⑥', 'ⅠⅡⅢⅣⅤⅥ', '一二三四五六'])('is not a lookalike: %s', (text) => {
    expect(digitsWithin(text, 6)).toBeNull()
  })
})

describe('a code', () => {
  test('is read the same however it is typed or pasted', () => {
    fc.assert(
      fc.property(pastedDigits('012345'), (text) => {
        expect(digitsWithin(text, 6)).toBe('012345')
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['behind a prefix', 'G-012345'],
    ['with a hash', '#012345'],
    ['in bold', '*012345*'],
    ['in quotes', '“012345”'],
    ['before a comma', '012345,'],
    ['in our message', "Example: 012345 is your code. It expires in 10 min. Don't share it."],
    ['in Hindi', '०१२३४५ आपका कोड है। यह ५ मिनट तक मान्य है। किसी को न बताएं।'],
    ['in Arabic', '\u200F٠١٢٣٤٥ هو رمزك. صالح لمدة ٥ د.'],
    ['in Japanese', 'コード：０１２３４５（５分間有効）'],
    ['in groups', 'Your WhatsApp code: 012-345'],
    ['beside a line for autofill', '012345 is your code.\n\n@example.com #012345'],
    ['beside that line, as a field joins lines', '012345 is your code.@example.com #012345'],
    ['in that line alone', '@example.com #012345'],
    ['beside the number of support', '012345 is your code. Not you? +237 671234 567'],
    ['beside a date', '15.01.2026 10:42 – 012345 is your code'],
  ])('is found %s', (_where, text) => {
    expect(digitsWithin(text, 6)).toBe('012345')
  })

  test.each([
    ['two codes', '012345 or 543210'],
    ['twice the same', '012345, 012345'],
    ['a longer number', 'order 0123456'],
    ['a shorter number', 'G-01234'],
    ['a phone', '+237 671 23 45 67'],
    ['a phone with as many digits in one group', '+237 671234 567'],
    ['no digit', 'code'],
    ['nothing', ''],
    ['a decimal, which has lost its leading zeros', '12345.0'],
    ['a sign in front', '+12345'],
    ['a NUL', '012345\0'],
    ['an escape', '\u001B[1m012345'],
    ['half a character', '012345\uD800'],
  ])('is not found in a string with %s', (_what, text) => {
    expect(digitsWithin(text, 6)).toBeNull()
  })

  test('is never found in part, and no string takes long', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 512 })
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 10 }), (text, length) => {
        const found = digitsWithin(text, length)
        expect(found === null || new RegExp(`^[0-9]{${length}}$`).test(found)).toBe(true)
      }),
    )
    const started = performance.now()
    for (const hard of ['1@ #', '@#1 ', '1 ', '+1 ', '𝟗', '1@']) digitsWithin(hard.repeat(128), 6)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
