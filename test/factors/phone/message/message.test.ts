import { inspect } from 'node:util'

import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../../../src/core/errors.js'
import {
  messageComposer,
  type MessageOptions,
} from '../../../../src/factors/phone/message/message.js'
import { smsSegment } from '../../../../src/factors/phone/message/sms-segment.js'
import { phoneMessages } from '../../../../src/texts/languages.js'
import type { MessageParts } from '../../../../src/texts/phone-messages.js'

const daySeconds = 86_400
const shipped = ['en', 'fr', 'es', 'de', 'pt', 'hi', 'hi-Latn', 'ar']

const composerOf = (options: MessageOptions = {}, codeLength = 6, codeLifetimeSeconds = 300) =>
  messageComposer(options, { codeLength, codeLifetimeSeconds })

const textOf = (options: MessageOptions, locale: string | null = null, seconds = 300) =>
  composerOf(options, 6, 600)('012345', seconds, locale).reveal()

/** The error of options that cannot be used, which has to be one that names the remedy. */
function complaintOf(options: object, codeLength = 6, codeLifetimeSeconds = 300): string {
  try {
    composerOf(options, codeLength, codeLifetimeSeconds)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as Error).message
  }
  return 'no complaint'
}

describe('the text of a message', () => {
  test.each([
    ['en', "012345 is your code. It expires in 5 min. Don't share it."],
    ['fr', '012345 est votre code. Il expire dans 5 min. Ne le donnez à personne.'],
    ['es', '012345 es su codigo. Caduca en 5 min. No lo comparta.'],
    ['de', '012345 ist Ihr Code. Er gilt 5 min. Geben Sie ihn nicht weiter.'],
    ['pt', '012345 é o seu codigo. Vale por 5 min. Nunca o revele.'],
    ['hi', '012345 आपका कोड है। यह 5 मिनट तक मान्य है। किसी को न बताएं।'],
    ['hi-Latn', '012345 aapka code hai. Yeh 5 min tak valid hai. Kisi ko na bataen.'],
  ])('says the code first, how long it lives, and not to share it: in %s', (locale, text) => {
    expect(textOf({}, locale)).toBe(text)
  })

  test.each([...['en', 'fr', 'es', 'de', 'pt', 'hi', 'hi-Latn', 'ar']])(
    'begins with the application where it has a name: in %s',
    (locale) => {
      const text = textOf({ appName: ' Example ' }, locale)
      expect(text.replace('\u200F', '')).toBe(`Example: ${textOf({}, locale)}`)
      // In Arabic, the name must not turn the message round.
      expect(text.startsWith('\u200F')).toBe(locale === 'ar')
    },
  )

  test.each([
    [1, 1],
    [59, 1],
    [60, 1],
    [61, 2],
    [300, 5],
    [daySeconds, 1_440],
  ])('counts %d s as %d whole minutes, at least one', (seconds, minutes) => {
    expect(textOf({}, null, seconds)).toContain(`expires in ${minutes} min`)
  })

  test('is printed by nothing but a sender', () => {
    const message = composerOf()('012345', 300, null)
    for (const printed of [inspect({ message }), JSON.stringify({ message }), String(message)]) {
      expect(printed).not.toContain('012345')
    }
  })
})

describe('the language of a message', () => {
  test('is the closest there is a text in', () => {
    expect(textOf({}, 'fr-CA')).toBe(textOf({}, 'fr'))
    expect(textOf({}, 'pt_BR')).toBe(textOf({}, 'pt'))
    expect(textOf({}, 'hi-Latn-IN')).toContain('aapka')
  })

  test.each([null, 'it', 'tlh', '*', 'en\n@evil.com #111111', '__proto__', 'constructor'])(
    'is English for %j, or what defaultLocale says',
    (locale) => {
      expect(textOf({}, locale)).toBe(textOf({}, 'en'))
      expect(textOf({ defaultLocale: 'fr' }, locale)).toBe(textOf({}, 'fr'))
    },
  )

  test('may be one that the application adds, and its text in place of ours', () => {
    const template = {
      it: ({ code, minutes }: MessageParts) => `Il codice è ${code} (${minutes} min)`,
      'pt-br': ({ code }: MessageParts) => `Use ${code}`,
      de: ({ code }: MessageParts) => `Dein Code: ${code}`,
      fr: undefined,
    }
    expect(textOf({ template }, 'it-CH')).toBe('Il codice è 012345 (5 min)')
    expect(textOf({ template }, 'pt-BR')).toBe('Use 012345')
    expect(textOf({ template }, 'pt-PT')).toBe(textOf({}, 'pt'))
    expect(textOf({ template }, 'de-AT')).toBe('Dein Code: 012345')
    expect(textOf({ template }, 'fr')).toBe(textOf({}, 'fr'))
    expect(textOf({ template, defaultLocale: 'it' }, null)).toContain('codice')
    expect(composerOf({ template }).locales).toEqual([...shipped, 'it', 'pt-BR'])
  })

  test('is told to a template as it was configured, never as a client sent it', () => {
    const seen: MessageParts[] = []
    const template = (parts: MessageParts) => {
      seen.push(parts)
      return `Votre code : ${parts.code}`
    }
    expect(textOf({ appName: 'Banque', template }, 'fr-x-evil', 290)).toBe('Votre code : 012345')
    expect(seen.at(-1)).toEqual({ code: '012345', appName: 'Banque', minutes: 5, locale: 'fr' })
    textOf({ template }, 'x-evil')
    expect(seen.at(-1)?.locale).toBe('en')
    expect(new Set(seen.map(({ locale }) => locale))).toEqual(new Set(shipped))
  })

  test('is refused as the default where there is no text in it', () => {
    expect(complaintOf({ defaultLocale: 'it' })).toMatch(/defaultLocale is "it".+en, fr, es/)
  })
})

describe('one SMS', () => {
  const name = 'Bank of Wonderland'
  const autofillHost = 'login.wonderland.example'
  const limits = [
    [6, 300],
    [10, 600],
    [10, daySeconds],
  ] as const

  test.each(limits)('holds every shipped text, with %d digits for %d s', (codeLength, seconds) => {
    for (const options of [
      {},
      { appName: name },
      { autofillHost },
      { appName: name, autofillHost },
    ]) {
      const compose = composerOf(options, codeLength, seconds)
      expect(compose.locales).toEqual(shipped)
      for (const locale of compose.locales) {
        const text = compose('1234567890'.slice(0, codeLength), seconds, locale).reveal()
        const { used, limit } = smsSegment(text)
        expect(used, text).toBeLessThanOrEqual(limit)
      }
    }
  })

  test('is of GSM-7 in every language but Hindi and Arabic', () => {
    for (const locale of shipped.filter((each) => each !== 'hi' && each !== 'ar')) {
      expect(smsSegment(textOf({ appName: name, autofillHost }, locale)).alphabet).toBe('GSM-7')
    }
  })

  test('holds Arabic in its own letters as long as they fit, and is in English else', () => {
    expect(textOf({ appName: 'Example' }, 'ar-EG')).toMatch(/رمزك/)
    const options = { appName: 'Example', autofillHost: 'example.com' }
    expect(textOf(options, 'ar')).toBe(textOf(options, 'en'))
  })

  test('holds Hindi in its own letters as long as they fit, and else in Latin ones', () => {
    expect(textOf({ appName: 'Example' }, 'hi')).toMatch(/कोड/)
    expect(textOf({ appName: 'Example', autofillHost: 'example.com' }, 'hi')).toBe(
      textOf({ appName: 'Example', autofillHost: 'example.com' }, 'hi-Latn'),
    )
  })

  test('holds a name up to the last character that fits, and then says which text and what to do', () => {
    const fits = (length: number) => complaintOf({ appName: 'x'.repeat(length) })
    const longest = Array.from({ length: 160 }, (_each, length) => length)
      .filter((length) => fits(length) === 'no complaint')
      .at(-1)
    const french = composerOf({ appName: 'x'.repeat(longest ?? 0) })('123456', 600, 'fr').reveal()
    expect(french).toHaveLength(160)
    expect(fits((longest ?? 0) + 1)).toMatch(
      /^message: the text in 'fr' takes more than one SMS: 161 of 160 characters of GSM-7, .+; shorten message.appName \("x+"\)/,
    )
  })

  test('is measured with the longest lifetime, and with two digits of minutes at least', () => {
    const template = ({ code, minutes }: MessageParts) =>
      code + 'x'.repeat(152) + String(minutes).padStart(2, 'x')
    expect(complaintOf({ template }, 6, 300)).toBe('no complaint')
    expect(complaintOf({ template }, 6, daySeconds)).toContain('162 of 160')
    expect(complaintOf({ template: ({ code }: MessageParts) => code + 'x'.repeat(155) })).toContain(
      "message.template in 'en' takes more than one SMS: 161 of 160",
    )
    const untilTen = ({ code, minutes }: MessageParts) => code + 'x'.repeat(153) + String(minutes)
    expect(complaintOf({ template: untilTen }, 6, 300)).toContain('161 of 160')
  })

  test('counts the line for autofill', () => {
    const template = ({ code }: MessageParts) => code + 'x'.repeat(140)
    expect(complaintOf({ template })).toBe('no complaint')
    expect(complaintOf({ template, autofillHost: 'a.example' })).toMatch(
      /165 of 160.+shorten message.autofillHost or/,
    )
  })

  test('of UCS-2 holds 70, for a language that is not written in GSM-7', () => {
    const template = (length: number) => ({
      ja: ({ code }: MessageParts) => code.padEnd(length, 'あ'),
    })
    expect(complaintOf({ template: template(70) })).toBe('no complaint')
    expect(complaintOf({ template: template(71) })).toMatch(
      /^message.template.ja takes more than one SMS: 71 of 70 characters of UCS-2, because あ/,
    )
    const tooManyAccents = { fr: ({ code }: MessageParts) => code.padEnd(71, 'ç') }
    expect(complaintOf({ template: tooManyAccents })).toContain('because ç is not in GSM-7')
  })

  test.each(['Shop 🛒', 'Côte', 'магазин', 'Shop’s'])(
    'is not made UCS-2 by the name %s, however short',
    (appName) => {
      expect(complaintOf({ appName })).toMatch(/appName ".+ spell message.appName with the letters/)
    },
  )

  test('may hold a name of other letters where the text is written in them', () => {
    const template = ({ code, appName }: MessageParts) => `${appName}の確認コード：${code}`
    expect(textOf({ appName: '商店', template }, 'ja')).toBe('商店の確認コード：012345')
  })
})

describe('the line for autofill', () => {
  const lastLine = (text: string) => text.split('\n').at(-1)

  test('is the last, and exactly what browsers read', () => {
    for (const locale of shipped) {
      const text = textOf({ appName: 'Example', autofillHost: 'example.com' }, locale)
      expect(lastLine(text)).toBe('@example.com #012345')
      expect(text.split('\n')).toHaveLength(2)
    }
    const template = ({ code }: MessageParts) => `Code: ${code}`
    expect(textOf({ template, autofillHost: 'xn--bcher-kva.example' }, null)).toBe(
      'Code: 012345\n@xn--bcher-kva.example #012345',
    )
  })

  test('is not there unless it is configured', () => {
    expect(textOf({ appName: 'Example' }, null)).not.toContain('\n')
  })

  test.each([
    ...['https://example.com', 'example.com:443', 'example.com/', 'Example.com', 'example.com.'],
    ...['', '@example.com', 'example.com #1', 'exa mple.com', 'example.com\n@evil.com', '-a.com'],
    ...['a..com', '192.0.2.1', '[::1]', 'bücher.example', 'a_b.example', `${'a'.repeat(64)}.com`],
    ...[null, 4, ['example.com']],
  ])('is refused for the host %j', (autofillHost) => {
    expect(complaintOf({ autofillHost })).toContain('message.autofillHost is ')
  })
})

describe('the name of the application', () => {
  test.each([
    '\n@evil.com #111111',
    'A\nB',
    'A\rB',
    'A\u0000',
    'A\u2028B',
    'A\u202EB',
    'A\u200BB',
    4,
    {},
  ])('is refused if it is not one line of text: %j', (appName) => {
    expect(complaintOf({ appName })).toContain('appName must be one line of text')
  })

  test.each([
    ...['@evil.com #111111', 'A @ B', 'Shop #1', 'https://evil.com', 'evil.com', 'Shop evil.com/x'],
    ...['WWW.shop', 'javascript://x', 'EVIL.COM', 'xn--a.co', 'bücher.example'],
  ])('is refused where it reads as a link or a line for autofill: %j', (appName) => {
    expect(complaintOf({ appName })).toContain('appName is ')
  })

  test.each(['St. Gallen', 'Dr. No', 'U.S. Bank', 'C&A', 'Foo A/S', 'Über, GmbH', 'No 1', 'Yes!'])(
    'may be %s',
    (appName) => {
      expect(textOf({ appName }, null)).toMatch(new RegExp(`^${appName}: 012345 is`))
    },
  )
})

describe('a template', () => {
  const own = ({ code }: MessageParts) => code

  test.each([
    ['leaves the code out', () => 'Here is your code.'],
    ['leaves a part of it out', ({ code }: MessageParts) => code.slice(1)],
    ['returns nothing', () => undefined],
    ['returns a list', ({ code }: MessageParts) => [code]],
    ['begins a line with @', ({ code }: MessageParts) => `${code}\n@evil.com #111111`],
    ['begins with @', ({ code }: MessageParts) => `@evil.com #${code}`],
    ['indents a line with @', ({ code }: MessageParts) => `${code}\n  @evil.com #111111`],
    ['holds a control character', ({ code }: MessageParts) => `${code}\u001B`],
  ])('that %s is refused at construction', (_what, template) => {
    expect(complaintOf({ template })).toMatch(/^message\.template in 'en' must return a string/)
    expect(complaintOf({ template: { it: template } })).toMatch(
      /^message\.template\.it must return/,
    )
  })

  test('may write several lines', () => {
    const template = ({ code }: MessageParts) => `Your code:\n${code}`
    expect(textOf({ template }, null)).toBe('Your code:\n012345')
  })

  test('is tried with a code of the length that codes have', () => {
    const seen: string[] = []
    const template = ({ code }: MessageParts) => {
      seen.push(code)
      return code
    }
    composerOf({ template }, 8)
    expect(new Set(seen.map((code) => code.length))).toEqual(new Set([8]))
  })

  test.each([
    ['en us', own],
    ['*', own],
    ['it', 'Your code'],
    ['it', null],
  ])('that is no function by a BCP 47 tag is refused: %j', (tag, template) => {
    expect(complaintOf({ template: { [tag]: template } })).toContain('message.template holds')
  })
})

test('an option that does not exist is refused by its name', () => {
  expect(complaintOf({ tempalte: () => '' })).toMatch(
    /^message: tempalte is not an option; the options are appName/,
  )
  expect(complaintOf({ constructor: 1 })).toMatch(/^message: constructor is not an option/)
})

describe('the text to a phone that was replaced', () => {
  test.each(shipped)(
    'names the application and the last digits of the new phone in %s',
    (locale) => {
      const text = composerOf({ appName: 'Example' }).replaced('67', locale)
      expect(text).toMatch(/^\u200F?Example: .*67/)
      const { alphabet, used, limit } = smsSegment(text)
      const inLatin = locale !== 'hi' && locale !== 'ar'
      expect(alphabet).toBe(inLatin ? 'GSM-7' : 'UCS-2')
      expect(used).toBeLessThanOrEqual(limit)
    },
  )

  test.each(shipped)(
    'is one SMS with every name that the text of a code takes, in %s',
    (locale) => {
      for (let length = 1; length <= 160; length += 1) {
        const appName = 'Savings and Loan '.repeat(10).slice(0, length).trim()
        let composer: ReturnType<typeof composerOf>
        try {
          composer = composerOf({ appName })
        } catch {
          // The text of a code has no room for the name.
          expect(length).toBeGreaterThan(85)
          return
        }
        const text = composer.replaced('67', locale)
        expect(text).toContain(appName)
        expect(text).toMatch(/67/)
        expect(smsSegment(text).used).toBeLessThanOrEqual(smsSegment(text).limit)
      }
      throw new Error('some name must be too long')
    },
  )

  test.each(shipped)('is one SMS with a name in letters of no short alphabet, in %s', (locale) => {
    const template = ({ code, appName }: MessageParts) => `${appName}：${code}`
    for (const appName of ['商店', '横浜中央信用金庫オンラインサービス']) {
      const text = composerOf({ appName, template }).replaced('67', locale)
      expect(text).toMatch(/67/)
      expect(smsSegment(text).used).toBeLessThanOrEqual(smsSegment(text).limit)
    }
  })

  test('has no wording that could never be one SMS', () => {
    for (const { replaced } of Object.values(phoneMessages)) {
      for (const wording of replaced) {
        const { used, limit } = smsSegment(
          wording({ appName: 'X', lastDigits: '67', locale: 'en' }),
        )
        expect(used).toBeLessThanOrEqual(limit)
      }
    }
  })

  test('is checked when it is the application’s own, in each language', () => {
    const long = ({ locale }: { locale: string }) => (locale === 'fr' ? 'x'.repeat(161) : 'x')
    expect(complaintOf({ replaced: long })).toBe(
      "message.replaced in 'fr' takes more than one SMS: 161 of 160 characters of GSM-7; " +
        'shorten its text in message.replaced',
    )
    expect(complaintOf({ replaced: () => 'changed\n@example.com #1234' })).toContain(
      "message.replaced in 'en' must return a string without control characters, and without a line",
    )
    expect(complaintOf({ replaced: () => '電'.repeat(71), appName: 'Shop' })).toContain(
      '71 of 70 characters of UCS-2, because 電 is not in GSM-7; shorten message.appName ("Shop") or its text',
    )
  })

  test('is in English where a language of the application’s has none, and its own where it writes one', () => {
    const template = { it: ({ code }: MessageParts) => `${code} è il suo codice` }
    expect(composerOf({ template }).replaced('67', 'it')).toMatch(/^Your phone number/)
    const replaced = ({ lastDigits }: { lastDigits: string }) => `…${lastDigits}`
    expect(composerOf({ replaced }).replaced('67', null)).toBe('…67')
  })

  test.each([() => '', () => undefined, 5])('may not be %s', (replaced) => {
    expect(() => composerOf({ replaced: replaced as never })).toThrow(/^message\.replaced must be/)
  })
})
