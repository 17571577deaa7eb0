/** Parses phones: every way to write one becomes a single E.164 form. */

// The other entry does not export this class to `require`, which Jest uses.
import { Metadata } from 'libphonenumber-js/core'
import {
  getCountries,
  getExampleNumber,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/max'
import plans from 'libphonenumber-js/max/metadata'
import examples from 'libphonenumber-js/mobile/examples'

import { ConfigurationError } from '../../core/errors.js'
import { maxTypedLength } from '../../core/fields.js'
import { canonicalLocale } from '../../core/locale.js'
import { assertKnownOptions } from '../../core/known-options.js'
import { refusal, type Refusal } from '../../core/refusal.js'
import { remembered } from '../../core/remembered.js'
import { cleanTyped } from '../../core/typed-digits.js'
import { behindPrefix, type DialPrefixes, type Reading } from './dial-prefix.js'
import { checkLineTypes, costlyLineTypes, networks, type LineType } from './line-types.js'

/** The phones that are accepted. */
export interface PhoneOptions {
  /**
   * ISO 3166 code of the country assumed for phones without a calling code. Its prefix for calls abroad (`00`, `011`,
   * `0011` …) is then read as `+`.
   *
   * @default none
   */
  readonly defaultCountry?: string | undefined
  /**
   * ISO 3166 codes of the countries that messages may go to. Networks that belong to no country set their own prices;
   * list them by calling code: `['CM', '+881']`.
   *
   * @default all countries, and no such network
   */
  readonly allowedCountries?: readonly string[] | undefined
  /**
   * Line types that are refused; your list replaces the default. `PERSONAL_NUMBER` is a number that forwards at the
   * caller's cost (+44 70), `SATELLITE` is +870 and +881, `INTERNATIONAL_NETWORK` +878, +882, +883 and +888.
   *
   * @default premium, shared-cost, toll-free, pager, voicemail and personal lines, satellites and networks of no country
   */
  readonly refusedLineTypes?: readonly LineType[] | undefined
}

/** A phone in its canonical form. */
export interface Phone {
  readonly status: 'parsed'
  /** E.164, such as `+237671234567`. */
  readonly number: string
}

/** The country of a phone, `null` for a network that belongs to no country, and its calling code with a plus. */
export interface Origin {
  readonly country: string | null
  readonly callingCode: string
}

/** Turns a person's input into a canonical phone, or returns a refusal. */
export type ParsePhone = (text: string) => Phone | Refusal

/** Input with more visible characters is not a phone. */
export const maxPhoneLength = 32

/** Each step of a login parses the phone, so the results are cached for the people who are signing in. */
const rememberedPhones = 1_000

const optionNames: Readonly<Record<keyof PhoneOptions, true>> = {
  defaultCountry: true,
  allowedCountries: true,
  refusedLineTypes: true,
}

/**
 * Makes the parser for these options.
 *
 * @throws ConfigurationError for an unknown option, and for a country or a line type that does not exist.
 * @example
 * const parsePhone = phoneParser({ defaultCountry: 'CM' })
 * parsePhone('6 71 23 45 67') // { status: 'parsed', number: '+237671234567' }
 */
export function phoneParser(options: PhoneOptions = {}): ParsePhone {
  assertKnownOptions('phone', options, optionNames)
  const { defaultCountry: home, allowedCountries, refusedLineTypes } = options
  checkLineTypes(refusedLineTypes ?? [])
  const defaultCountry = home === undefined ? undefined : country('defaultCountry', home)
  const allowed = allowedCountries?.map((code) =>
    Object.hasOwn(networks, code) ? code : country('allowedCountries', code),
  )
  const isRefusedType = (type: LineType, callingCode: string) =>
    refusedLineTypes?.includes(type) ??
    (costlyLineTypes.includes(type) && allowed?.includes(callingCode) !== true)
  const prefixes = dialPrefixes(defaultCountry)
  return remembered((text) => {
    const digits = digitsOf(text)
    const phone = digits === null ? null : phoneOf(digits, defaultCountry, prefixes)
    if (phone === null) return refusal('destination_invalid')
    const callingCode = `+${phone.countryCallingCode}`
    const type = networks[callingCode] ?? phone.getType()
    if (type !== undefined && isRefusedType(type, callingCode)) {
      return refusal('destination_blocked')
    }
    const isAllowed = allowed?.includes(phone.country ?? callingCode) !== false
    return isAllowed ? { status: 'parsed', number: phone.number } : refusal('destination_blocked')
  }, rememberedPhones)
}

/** Returns true if a refused phone may only lack its country code: it is digits without a plus. */
export function lacksCountryCode(text: string): boolean {
  return /^\d/.test(digitsOf(text) ?? '')
}

/**
 * The typed input to show in the phone's field again; an empty string if it does not look like a phone. It has no
 * characters with a meaning in HTML, because an application's own view may forget to escape it.
 */
export function typedPhone(input: string): string {
  const isAttempt = input.length <= maxTypedLength && /\p{Nd}\P{Nd}*\p{Nd}/u.test(input)
  return isAttempt && !/[<>"'`&={}\\]/.test(input) ? input : ''
}

/** ASCII digits, with the plus if there is one; `null` if the input is not written like a phone. */
function digitsOf(text: string): string | null {
  const clean = text.length > maxTypedLength ? null : cleanTyped(text)
  if (clean === null || clean.length > maxPhoneLength) return null
  return /^(?:tel:)?(\+?\d+)$/i.exec(clean.replaceAll(' ', ''))?.[1] ?? null
}

function phoneOf(
  digits: string,
  defaultCountry: CountryCode | undefined,
  prefixes: DialPrefixes,
): PhoneNumber | null {
  if (digits.startsWith('+')) return international(digits.slice(1))
  const behind = behindPrefix(digits, prefixes, (rest): Reading | null => {
    const phone = international(rest)
    const isMobile = phone?.getType()?.includes('MOBILE') === true
    return phone === null ? null : { number: phone.number, isMobile }
  })
  if (behind !== null) return international(behind)
  return defaultCountry === undefined ? null : validPhone(digits, defaultCountry)
}

function international(digits: string): PhoneNumber | null {
  return digits === '' ? null : validPhone(`+${digits}`)
}

function validPhone(text: string, defaultCountry?: CountryCode): PhoneNumber | null {
  const phone = parsePhoneNumberFromString(text, {
    ...(defaultCountry ? { defaultCountry } : {}),
    extract: false,
  })
  // A phone with a type is valid; checking both would match the numbering plan twice.
  const isValid = phone?.getType() !== undefined || phone?.isValid() === true
  return phone !== undefined && isValid && phone.ext === undefined ? phone : null
}

/** The country and calling code of a phone in E.164. */
export const originOf = remembered((number: string): Origin => {
  const { country = null, countryCallingCode } = parsePhoneNumberFromString(number) ?? {}
  return { country, callingCode: `+${countryCallingCode ?? number.slice(1, 2)}` }
}, rememberedPhones)

/** Returns true for an ISO 3166 code, and for the calling code of a network that belongs to no country. */
export const isCountry = (code: string) => isSupportedCountry(code) || Object.hasOwn(networks, code)

function dialPrefixes(defaultCountry: CountryCode | undefined): DialPrefixes {
  const metadata = new Metadata(plans)
  const prefixOf = (code: CountryCode) => {
    metadata.selectNumberingPlan(code)
    return metadata.numberingPlan?.IDDPrefix() ?? '00'
  }
  return {
    own: defaultCountry === undefined ? undefined : prefixOf(defaultCountry),
    all: [...new Set(getCountries().map(prefixOf))],
  }
}

/** An example mobile phone, formatted for people: from the default country, or else from the language's country. */
export function examplePhone(
  { defaultCountry }: PhoneOptions = {},
  locale: string | null = null,
): string {
  const { region = 'US' } = new Intl.Locale(canonicalLocale(locale) ?? 'en').maximize()
  const upper = (defaultCountry ?? region).toUpperCase()
  const country = isSupportedCountry(upper) ? upper : 'US'
  return getExampleNumber(country, examples)?.formatInternational() ?? '+1 201 555 0123'
}

function country(option: string, code: string): CountryCode {
  const upper = typeof code === 'string' ? code.toUpperCase() : ''
  if (isSupportedCountry(upper)) return upper
  throw new ConfigurationError(
    `phone.${option} holds ${JSON.stringify(code)}; write ISO 3166 codes such as 'CM' or 'US'${
      option === 'allowedCountries' ? `, or one of ${Object.keys(networks).join(', ')}` : ''
    }`,
    `phone.${option}`,
  )
}
