/** The languages of the pages: each is complete, and an application's own texts override or add to them. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../src/core/errors.js'
import {
  createWordings,
  english,
  sentenceOf,
  triesLeft,
  type OwnSentence,
} from '../../src/pages/wording.js'
import { refusal, refusalUntil } from '../../src/core/refusal.js'

const shipped = ['en', 'fr', 'es', 'de', 'pt', 'hi', 'ar']
const wordings = createWordings()

/** Every text of a language by its path, such as `refusals.no_challenge`. */
function textsOf(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, text]: [string, unknown]): [string, string][] =>
    typeof text === 'string' ? [[path + name, text]] : textsOf(text as object, `${path}${name}.`),
  )
}

const gapsOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort()

describe.each(shipped)('the pages in %s', (locale) => {
  const wording = wordings([locale])
  const texts = textsOf(wording.texts)
  const usual = new Map(textsOf(english.texts))

  test('have every text, with the same placeholders as in English', () => {
    expect(wording.locale).toBe(locale)
    const names = texts.map(([name]) => name)
    for (const name of usual.keys()) {
      // Not every language has a form for one.
      if (!name.endsWith('.one')) expect(names).toContain(name)
    }
    for (const [name, text] of texts) {
      const form = /\.(zero|one|two|few|many)$/
      const english = usual.get(name.replace(form, '.other')) ?? ''
      expect(text.trim(), name).toBe(text)
      // Arabic has words for one and two of a thing, without a number.
      const isWord = /\.(one|two)$/.test(name) && gapsOf(text).length === 0
      if (!isWord) expect(gapsOf(text), name).toEqual(gapsOf(english))
      expect(text, name).not.toMatch(/[<>]|\.\.\.|TODO/)
    }
  })

  test('are in that language', () => {
    if (locale === 'en') return
    const same = texts.filter(([name, text]) => usual.get(name) === text).map(([name]) => name)
    // Words that are the same in several languages.
    const words = ['code', 'errorTitle', 'factors.itemName', 'passkey.name']
    expect(same.filter((name) => !words.includes(name))).toEqual([])
    const script = { hi: /\p{Script=Devanagari}/u, ar: /\p{Script=Arabic}/u }[locale]
    for (const [name, text] of texts) if (script) expect(text, name).toMatch(script)
  })

  test('have each plural form of the language', () => {
    for (const count of [1, 2, 3, 5, 10, 11, 100]) {
      expect(triesLeft(wording, count)).not.toContain('{')
    }
  })
})

describe('a language', () => {
  test.each([
    [['fr-CA'], 'fr'],
    [['xx', 'pt-BR', 'de'], 'pt'],
    [['ar-EG-u-nu-latn'], 'ar'],
    [['xx'], 'en'],
    [[], 'en'],
  ])('can be picked from %j', (wanted, locale) => {
    expect(wordings(wanted).locale).toBe(locale)
  })

  test('is written right to left if its script is', () => {
    const own = createWordings({ he: {}, 'pa-Arab': {}, 'pa-Guru': {} })
    const directions = ['en', 'hi', 'ar', 'he', 'pa-Arab', 'pa-Guru'].map(
      (tag) => own([tag]).direction,
    )
    expect(directions).toEqual(['ltr', 'ltr', 'rtl', 'rtl', 'rtl', 'ltr'])
  })

  test('expresses waits in its own words', () => {
    const waits = [1, 30, 90, 91, 300, 5400, 5401, 86_400]
    expect(waits.map((wait) => english.duration(wait))).toEqual([
      ...['1 second', '30 seconds', '90 seconds', '2 minutes', '5 minutes', '90 minutes'],
      ...['2 hours', '24 hours'],
    ])
    expect(wordings(['fr']).duration(30)).toMatch(/^30\ssecondes$/)
    expect(wordings(['de']).duration(300)).toBe('5 Minuten')
  })
})

describe('a time', () => {
  const timeIn = (...wanted: string[]) => wordings(wanted).time(new Date('2026-03-04T15:06:00Z'))

  test('has the format of the person’s region, in the language of the page', () => {
    expect(timeIn('en-GB', 'fr-FR')).toBe('4 Mar 2026, 15:06 UTC')
    expect(timeIn('en')).toMatch(/^Mar 4, 2026, 3:06\sPM UTC$/)
    // The region stands in a later tag of the same language.
    expect(timeIn('en', 'en_GB')).toBe('4 Mar 2026, 15:06 UTC')
    expect(timeIn('de', 'en-GB')).toContain('4. März 2026')
  })

  test('has the digits of the page', () => {
    expect(timeIn('ar-EG')).toContain('2026')
  })
})

describe('an application’s texts', () => {
  test('change single texts and keep the others', () => {
    const refusals = { no_challenge: 'Ask first.' }
    const phone = { refusals: { cooldown: 'Slow.' } }
    const own = createWordings({ en: { confirm: 'Let me in', refusals, phone } })
    const { texts } = own(['en'])
    expect([texts.confirm, texts.code]).toEqual(['Let me in', 'Code'])
    expect(sentenceOf(refusal('no_challenge'), undefined, own(['en']))).toBe('Ask first.')
    const ofPhone: OwnSentence = (_code, wording) => wording.texts.phone.refusals.cooldown
    expect(sentenceOf(refusal('cooldown'), ofPhone, own(['en']))).toBe('Slow.')
    expect(texts.phone.refusals.send_limit).toBe(english.texts.phone.refusals.send_limit)
    expect(texts.refusals.code_incorrect).toBe('That code isn’t right. Check it and try again.')
    expect(english.texts.confirm).toBe('Confirm')
  })

  test('add a language, falling back to English, and a variant, falling back to its language', () => {
    const own = createWordings(
      { it: { confirm: 'Conferma' }, 'pt-PT': { confirm: 'Confirme', code: undefined } as object },
      'it',
    )
    expect(own.locales).toEqual([...shipped, 'it', 'pt-PT'])
    expect(own(['xx']).texts).toMatchObject({ confirm: 'Conferma', code: 'Code' })
    expect(own(['pt-PT']).texts.phone.sendAgain).toBe(own(['pt']).texts.phone.sendAgain)
    expect(own(['pt-BR']).texts.confirm).toBe(own(['pt']).texts.confirm)
  })

  test('can have plural forms that English lacks', () => {
    const own = createWordings({ pl: { triesLeft: { few: '{count} próby.', other: '{count}.' } } })
    expect(triesLeft(own(['pl']), 3)).toBe('3 próby.')
    expect(triesLeft(own(['pl']), 5)).toBe('5.')
  })

  test.each<[object, string | undefined, RegExp]>([
    [{ 'not a tag': {} }, undefined, /"not a tag", which is not a BCP 47 tag/],
    [{ it: { konfirm: 'x' } }, undefined, /^pages\.texts\.it\.konfirm is not a text of the pages$/],
    [{ it: { refusals: { no: 'x' } } }, undefined, /^pages\.texts\.it\.refusals\.no is not a text/],
    [{ it: { code: {} } }, undefined, /^pages\.texts\.it\.code must be a string$/],
    [{ it: { few: 'x' } }, undefined, /^pages\.texts\.it\.few is not a text/],
    [{ it: { constructor: 'x' } }, undefined, /^pages\.texts\.it\.constructor is not a text/],
    [{}, 'it', /^pages\.defaultLocale is "it", which has no texts; use one of en, fr/],
  ])('%j with %j is refused', (own, defaultLocale, message) => {
    const make = () => createWordings(own as never, defaultLocale)
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(message)
  })
})

describe('the text of a refusal', () => {
  test('says what is left, how long to wait and whom to ask', () => {
    const now = Date.parse('2026-01-01T00:00:00Z')
    expect(sentenceOf(refusal('code_incorrect', { attemptsLeft: 1 }))).toBe(
      'That code isn’t right. Check it and try again. You have 1 try left.',
    )
    expect(sentenceOf(refusal('code_incorrect', { attemptsLeft: 0 }))).toBe(
      'That code isn’t right. You’ve run out of tries. Request a new code.',
    )
    expect(sentenceOf(refusalUntil('locked_out', now + 1_800_000, now))).toMatch(
      /^Too many wrong codes\. .+ until Jan 1, 2026, 12:30\sAM UTC \(in 30 minutes\)\. If it wasn’t you, /,
    )
    expect(sentenceOf(refusal('locked_out'))).toContain('Contact support to unlock it.')
  })

  test('for the wrong code that locks says until when, or whom to ask', () => {
    const facts = { attemptsLeft: 0, lockedUntil: new Date('2026-01-01T00:30:00Z') }
    expect(sentenceOf(refusal('code_incorrect', facts))).toMatch(
      /^That’s one wrong code too many\. .+ until Jan 1, 2026, 12:30\sAM UTC\. If it wasn’t you, /,
    )
    const forGood = refusal('code_incorrect', { attemptsLeft: 0, lockedUntil: null })
    expect(sentenceOf(forGood)).toContain('Contact support to unlock it.')
  })

  test('includes the wait, or adds it at the end if it has no placeholder', () => {
    const now = Date.parse('2026-01-01T00:00:00Z')
    const waiting = refusalUntil('attempts_exhausted', now + 28_000, now)
    expect(sentenceOf(waiting)).toBe(
      'Too many wrong codes. You can request a new one in 28 seconds.',
    )
    const own: OwnSentence = (_code, { texts }, wait) =>
      wait ? texts.phone.waits.cooldown : texts.phone.refusals.cooldown
    expect(sentenceOf(refusalUntil('cooldown', now + 30_000, now), own)).toBe(
      'We’ve just sent a code. You can request another in 30 seconds.',
    )
    expect(sentenceOf(refusalUntil('cooldown', now + 30_000, now), () => 'Slow.')).toBe(
      'Slow. Try again in 30 seconds.',
    )
  })

  test('can be replaced by the application’s, even the one with a wait', () => {
    const refusals = { attempts_exhausted: 'Enough.', store_unavailable: 'Down.' }
    const waits = { store_unavailable: 'Down for {duration}.' }
    const own = createWordings({ en: { refusals, waits } })(['en'])
    const now = Date.parse('2026-01-01T00:00:00Z')
    const said = (code: 'attempts_exhausted' | 'store_unavailable') =>
      sentenceOf(refusalUntil(code, now + 5000, now), undefined, own)
    expect(said('attempts_exhausted')).toBe('Enough. Try again in 5 seconds.')
    expect(said('store_unavailable')).toBe('Down for 5 seconds.')
  })
})
