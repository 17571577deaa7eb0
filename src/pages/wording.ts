/** The texts of one language, and its format of durations, times and numbers. */

import { ConfigurationError } from '../core/errors.js'
import { canonicalLocale, matchLocale } from '../core/locale.js'
import type { Refusal } from '../core/refusal.js'
import { en } from '../texts/en.js'
import { languages } from '../texts/languages.js'
import type { Plural, Texts } from '../texts/texts.js'
import { withOwnTexts } from './own-texts.js'

/** One language, as the pages use it. */
export interface Wording {
  /** The BCP 47 tag. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly texts: Texts
  /** A wait in words: "45 seconds", "5 minutes", "2 hours". */
  duration(seconds: number): string
  /** The plural form of a text for this count, with `{count}` still in it. */
  plural(text: Plural, count: number): string
  /** Date and time in UTC, in the format of the person's region. */
  time(at: Date): string
}

/** The application's own texts by BCP 47 tag: they add languages, or replace single texts. */
export type OwnTexts = Readonly<Record<string, PartialTexts | undefined>>

/** Some texts of a language. The rest come from the shipped language of that tag, or from English. */
export type PartialTexts = DeepPartial<Texts>

type DeepPartial<T> = {
  readonly [Name in keyof T]?: T[Name] extends string ? string : DeepPartial<T[Name]>
}

/** Picks a language: the first of these tags that has texts, otherwise the default one. */
export interface Wordings {
  (wanted: readonly string[]): Wording
  /** The languages that have texts. */
  readonly locales: readonly string[]
}

/** Scripts that are written from right to left. */
const rightToLeft = ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg']

/** English, for programs and for people whose language is unknown. */
export const english = wordingOf('en', en)

/**
 * Joins the shipped languages with the application's own.
 *
 * @throws ConfigurationError for an invalid tag, an unknown text, or a default language without texts.
 */
export function createWordings(own: OwnTexts = {}, defaultLocale = 'en'): Wordings {
  const all = new Map(
    Object.entries(languages).map(([tag, texts]) => [tag, wordingOf(tag, texts)] as const),
  )
  for (const [tag, some] of Object.entries(own)) {
    if (some === undefined) continue
    const locale = canonicalLocale(tag)
    if (locale === null) {
      throw new ConfigurationError(
        `pages.texts holds ${JSON.stringify(tag)}, which is not a BCP 47 tag; write one such as 'it' or 'pt-PT'`,
        'pages.texts',
      )
    }
    const base = languages[matchLocale(locale, Object.keys(languages)) ?? 'en'] ?? en
    all.set(locale, wordingOf(locale, withOwnTexts(base, some, `pages.texts.${tag}`)))
  }
  const locales = [...all.keys()]
  const fallback = all.get(matchLocale(defaultLocale, locales) ?? '')
  if (fallback === undefined) {
    throw new ConfigurationError(
      `pages.defaultLocale is ${JSON.stringify(defaultLocale)}, which has no texts; use one of ` +
        `${locales.join(', ')}, or add its texts to pages.texts`,
      'pages.defaultLocale',
    )
  }
  const pick = (wanted: readonly string[]) => {
    for (const tag of wanted) {
      const wording = all.get(matchLocale(tag, locales) ?? '')
      if (wording !== undefined) return inRegion(wording, wanted, locales)
    }
    return fallback
  }
  return Object.assign(pick, { locales })
}

/**
 * A factor's sentence for a refusal of its own. If the time to `wait` is known, the sentence may contain `{duration}`
 * and `{time}`.
 */
export type OwnSentence = (code: string, wording: Wording, wait: boolean) => string | undefined

/** The sentence for a refusal, with the tries left and the time to wait. */
export function sentenceOf(
  refusal: Refusal,
  own: OwnSentence = () => undefined,
  wording: Wording = english,
): string {
  const { code, attemptsLeft, retryAt, retryAfterSeconds, lockedUntil } = refusal
  const { texts } = wording
  if (lockedUntil === null) return texts.refusals.locked_out
  if (lockedUntil !== undefined) return texts.lockedNow.replace('{time}', wording.time(lockedUntil))
  if (code === 'code_incorrect' && attemptsLeft === 0) return texts.noTriesLeft
  const waits = retryAfterSeconds !== undefined && retryAt !== undefined
  const sentence =
    sharedSentence(texts, code, waits) ??
    own(code, wording, waits) ??
    texts.refusals.malformed_request
  if (waits) {
    return (/\{(?:duration|time)\}/.test(sentence) ? sentence : `${sentence} ${texts.tryAgainIn}`)
      .replace('{duration}', wording.duration(retryAfterSeconds))
      .replace('{time}', wording.time(retryAt))
  }
  return code === 'code_incorrect' && attemptsLeft !== undefined
    ? `${sentence} ${triesLeft(wording, attemptsLeft)}`
    : sentence
}

function sharedSentence(texts: Texts, code: string, waits: boolean): string | undefined {
  const waiting: Readonly<Partial<Record<string, string>>> = texts.waits
  const plain: Readonly<Partial<Record<string, string>>> = texts.refusals
  return (waits ? waiting[code] : undefined) ?? plain[code]
}

/**
 * The sentence for the number of tries left.
 *
 * @example
 * triesLeft(wording, 2) // 'You have 2 tries left.'
 */
export function triesLeft(wording: Wording, count: number): string {
  return wording.plural(wording.texts.triesLeft, count).replace('{count}', String(count))
}

function wordingOf(locale: string, texts: Texts): Wording {
  const rules = new Intl.PluralRules(locale)
  const [seconds, minutes, hours] = ['second', 'minute', 'hour'].map(
    (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }),
  )
  return {
    locale,
    direction: rightToLeft.includes(new Intl.Locale(locale).maximize().script ?? '')
      ? 'rtl'
      : 'ltr',
    texts,
    duration(wait) {
      if (wait <= 90) return seconds?.format(wait) ?? ''
      if (wait <= 90 * 60) return minutes?.format(Math.ceil(wait / 60)) ?? ''
      return hours?.format(Math.ceil(wait / 3600)) ?? ''
    },
    plural: (text, count) => text[rules.select(count)] ?? text.other,
    time: (at) => timeIn(locale, at),
  }
}

/** The same texts, with times in the format of the person's region, if one of the wanted tags names a region. */
function inRegion(
  wording: Wording,
  wanted: readonly string[],
  locales: readonly string[],
): Wording {
  const { locale } = wording
  const tag = wanted
    .filter((each) => matchLocale(each, locales) === locale)
    .map((each) => canonicalLocale(each) ?? locale)
    .find((each) => new Intl.Locale(each).region !== undefined)
  return tag === undefined ? wording : { ...wording, time: (at) => timeIn(tag, at) }
}

function timeIn(tag: string, at: Date): string {
  const { language } = new Intl.Locale(tag)
  return at.toLocaleString(tag, {
    ...{ year: 'numeric', month: 'short', day: 'numeric' },
    ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone: 'UTC' },
    // Uses the digits of the page's language.
    numberingSystem: new Intl.NumberFormat(language).resolvedOptions().numberingSystem,
  })
}
