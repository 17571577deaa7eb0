/** Phone numbers: one canonical E.164 form for every spelling. */

import {
  isSupportedCountry,
  getExampleNumber,
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumberType,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'

import { ConfigurationError } from '../../core/errors.js'
import { refusal, type Refusal } from '../../core/refusal.js'

/** A line type, as the numbering plan's metadata tells it. */
export type LineType = PhoneNumberType

/** Which numbers are taken. */
export interface PhoneOptions {
  /** ISO 3166 code of the country of numbers written without their calling code. Default: none. */
  readonly defaultCountry?: string | undefined
  /** ISO 3166 codes of the countries that messages may go to. Default: all. */
  readonly allowedCountries?: readonly string[] | undefined
  /** Line types that are refused. Default: premium, shared-cost, toll-free, pager, and voicemail lines. */
  readonly refusedLineTypes?: readonly LineType[] | undefined
}

/** A number in its canonical form. */
export interface Phone {
  readonly status: 'parsed'
  /** E.164, such as `+237671234567`. */
  readonly number: string
}

/** Turns what a person wrote into a canonical number, or says why not. */
export type ParsePhone = (text: string) => Phone | Refusal

/** A longer text is no phone number. */
export const maxPhoneLength = 32

const costlyLineTypes: readonly LineType[] = [
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'PAGER',
  'VOICEMAIL',
]

const lineTypes: Readonly<Record<LineType, true>> = {
  PREMIUM_RATE: true,
  SHARED_COST: true,
  TOLL_FREE: true,
  PAGER: true,
  VOICEMAIL: true,
  VOIP: true,
  PERSONAL_NUMBER: true,
  UAN: true,
  FIXED_LINE: true,
  FIXED_LINE_OR_MOBILE: true,
  MOBILE: true,
}

const optionNames: Readonly<Record<keyof PhoneOptions, true>> = {
  defaultCountry: true,
  allowedCountries: true,
  refusedLineTypes: true,
}

/** Digits of either width, spaces, and the marks people write between digits. */
const spelling =
  /^[ \u00A0\u3000]*(?:tel:)?[ \u00A0\u3000([（]*[+＋]?[\d\uFF10-\uFF19 \u00A0\u2007\u2009\u202F\u3000()（）[\].\-\u2010-\u2015－/]+$/iu

/** All that does not count in a spelling that was let through. */
const marks = /[^\d\uFF10-\uFF19+]/gu

/**
 * Makes the parser for these options.
 *
 * @throws ConfigurationError for an unknown option, and for a country or a line type that does not exist.
 */
export function phoneParser(options: PhoneOptions = {}): ParsePhone {
  known('phone: the option', Object.keys(options), optionNames)
  known('phone.refusedLineTypes:', options.refusedLineTypes ?? [], lineTypes)
  const defaultCountry = options.defaultCountry && country('defaultCountry', options.defaultCountry)
  const allowed = options.allowedCountries?.map((code) => country('allowedCountries', code))
  const refusedTypes = options.refusedLineTypes ?? costlyLineTypes
  return (text) => {
    if (text.length > maxPhoneLength || !spelling.test(text)) {
      return refusal('destination_invalid')
    }
    // A leading 00 is how most of the world dials +; no national number begins with it.
    const dialled = text
      .replace('＋', '+')
      .replace(marks, '')
      .replace(/^(?:00|００)/u, '+')
    const phone = parsePhoneNumberFromString(dialled, {
      ...(defaultCountry ? { defaultCountry } : {}),
      extract: false,
    })
    // A number that has a type is valid; to ask for both matches the numbering plan twice.
    const type = phone?.getType()
    const valid = type !== undefined || phone?.isValid() === true
    if (phone === undefined || !valid || phone.ext !== undefined) {
      return refusal('destination_invalid')
    }
    if (type !== undefined && refusedTypes.includes(type)) return refusal('destination_blocked')
    if (allowed !== undefined && !(phone.country && allowed.includes(phone.country))) {
      return refusal('destination_blocked')
    }
    return { status: 'parsed', number: phone.number }
  }
}

/** A mobile number of the default country that nobody has, spelt for people. */
export function examplePhone({ defaultCountry = 'US' }: PhoneOptions = {}): string {
  const upper = defaultCountry.toUpperCase()
  const known = isSupportedCountry(upper) ? upper : 'US'
  return getExampleNumber(known, examples)?.formatInternational() ?? '+1 201 555 0123'
}

/** What somebody typed for a number, in international form where it is one; nothing of a text that never was. */
export function spellPhone(text: string, parsePhone: ParsePhone): string {
  if (text.length > maxPhoneLength || !spelling.test(text)) return ''
  const phone = parsePhone(text)
  if (phone.status === 'refused') return text
  return parsePhoneNumberFromString(phone.number)?.formatInternational() ?? text
}

function country(option: string, code: string): CountryCode {
  const upper = typeof code === 'string' ? code.toUpperCase() : ''
  if (isSupportedCountry(upper)) return upper
  throw new ConfigurationError(
    `phone.${option} holds ${JSON.stringify(code)}; write ISO 3166 codes such as 'CM' or 'US'`,
  )
}

/** A misspelt name must not quietly let more numbers through. */
function known(what: string, names: readonly string[], all: Readonly<Record<string, true>>): void {
  const stray = names.find((name) => !Object.hasOwn(all, name))
  if (stray === undefined) return
  throw new ConfigurationError(
    `${what} ${JSON.stringify(stray)} does not exist; there are ${Object.keys(all).join(', ')}`,
  )
}
