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
  ])('gives the code first, its lifetime and not to share it: in %s', (locale, text) => {
    expect(textOf({}, locale)).toBe(text)
  })

  test.each([...['en', 'fr', 'es', 'de', 'pt', 'hi', 'hi-Latn', 'ar']])(
    'starts with the application’s name if it has one: in %s',
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

  test('can be read only by a sender', () => {
    const message = composerOf()('012345', 300, null)
    for (const printed of [inspect({ message }), JSON.stringify({ message }), String(message)]) {
      expect(printed).not.toContain('012345')
    }
  })
})

describe('the language of a message', () => {
  test('is the closest one that has a text', () => {
    expect(textOf({}, 'fr-CA')).toBe(textOf({}, 'fr'))
    expect(textOf({}, 'pt_BR')).toBe(textOf({}, 'pt'))
    expect(textOf({}, 'hi-Latn-IN')).toContain('aapka')
  })

  test.each([null, 'it', 'tlh', '*', 'en\n@evil.com #111111', '__proto__', 'constructor'])(
    'is English, or the defaultLocale, for %j',
    (locale) => {
      expect(textOf({}, locale)).toBe(textOf({}, 'en'))
      expect(textOf({ defaultLocale: 'fr' }, locale)).toBe(textOf({}, 'fr'))
    },
  )

  test('can be one that the application adds, or its text can replace ours', () => {
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

  test('is passed to a template as configured, never as a client sent it', () => {
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

  test('is refused as the default if it has no text', () => {
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

  test.each(limits)('fits every shipped text, with %d digits for %d s', (codeLength, seconds) => {
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

  test('is GSM-7 in every language except Hindi and Arabic', () => {
    for (const locale of shipped.filter((each) => each !== 'hi' && each !== 'ar')) {
      expect(smsSegment(textOf({ appName: name, autofillHost }, locale)).alphabet).toBe('GSM-7')
    }
  })

  test('has Arabic in Arabic script if it fits, and otherwise English', () => {
    expect(textOf({ appName: 'Example' }, 'ar-EG')).toMatch(/رمزك/)
    const options = { appName: 'Example', autofillHost: 'example.com' }
    expect(textOf(options, 'ar')).toBe(textOf(options, 'en'))
  })

  test('has Hindi in Devanagari if it fits, and otherwise in Latin letters', () => {
    expect(textOf({ appName: 'Example' }, 'hi')).toMatch(/कोड/)
    expect(textOf({ appName: 'Example', autofillHost: 'example.com' }, 'hi')).toBe(
      textOf({ appName: 'Example', autofillHost: 'example.com' }, 'hi-Latn'),
    )
  })

  test('fits a name up to the last character; the error names the text and the remedy', () => {
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

  test('includes the autofill line in the count', () => {
    const template = ({ code }: MessageParts) => code + 'x'.repeat(140)
    expect(complaintOf({ template })).toBe('no complaint')
    expect(complaintOf({ template, autofillHost: 'a.example' })).toMatch(
      /165 of 160.+shorten message.autofillHost or/,
    )
  })

  test('has 70 characters of UCS-2 for a language outside GSM-7', () => {
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
    'cannot become UCS-2 because of the name %s, however short',
    (appName) => {
      expect(complaintOf({ appName })).toMatch(/appName ".+ spell message.appName with the letters/)
    },
  )

  test('can contain a name in other letters if the text uses them', () => {
    const template = ({ code, appName }: MessageParts) => `${appName}の確認コード：${code}`
    expect(textOf({ appName: '商店', template }, 'ja')).toBe('商店の確認コード：012345')
  })
})

describe('the autofill line', () => {
  const lastLine = (text: string) => text.split('\n').at(-1)

  test('is last, and exactly what browsers parse', () => {
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

  test('is absent unless configured', () => {
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

describe('the application’s name', () => {
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
  ])('is refused if it is not a single line of text: %j', (appName) => {
    expect(complaintOf({ appName })).toContain('appName must be one line of text')
  })

  test.each([
    ...['@evil.com #111111', 'A @ B', 'Shop #1', 'https://evil.com', 'evil.com', 'Shop evil.com/x'],
    ...['WWW.shop', 'javascript://x', 'EVIL.COM', 'xn--a.co', 'bücher.example'],
  ])('is refused if it looks like a link or an autofill line: %j', (appName) => {
    expect(complaintOf({ appName })).toContain('appName is ')
  })

  test.each(['St. Gallen', 'Dr. No', 'U.S. Bank', 'C&A', 'Foo A/S', 'Über, GmbH', 'No 1', 'Yes!'])(
    'can be %s',
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

  test('can return several lines', () => {
    const template = ({ code }: MessageParts) => `Your code:\n${code}`
    expect(textOf({ template }, null)).toBe('Your code:\n012345')
  })

  test('is tried with a code of the configured length', () => {
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
  ])('that is not a function keyed by a BCP 47 tag is refused: %j', (tag, template) => {
    expect(complaintOf({ template: { [tag]: template } })).toContain('message.template holds')
  })
})

test('an unknown option is refused by name', () => {
  expect(complaintOf({ tempalte: () => '' })).toMatch(
    /^message: tempalte is not an option; the options are appName/,
  )
  expect(complaintOf({ constructor: 1 })).toMatch(/^message: constructor is not an option/)
})

describe('the text to a replaced phone', () => {
  test.each(shipped)(
    'contains the application and the last digits of the new phone in %s',
    (locale) => {
      const text = composerOf({ appName: 'Example' }).replaced('67', locale)
      expect(text).toMatch(/^\u200F?Example: .*67/)
      const { alphabet, used, limit } = smsSegment(text)
      const inLatin = locale !== 'hi' && locale !== 'ar'
      expect(alphabet).toBe(inLatin ? 'GSM-7' : 'UCS-2')
      expect(used).toBeLessThanOrEqual(limit)
    },
  )

  test.each(shipped)('is one SMS with every name that fits a code’s text, in %s', (locale) => {
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
  })

  test.each(shipped)('is one SMS with a name outside GSM-7, in %s', (locale) => {
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

  test('is checked in each language if it is the application’s own', () => {
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

  test('is English if the application’s language has none, and otherwise its own', () => {
    const template = { it: ({ code }: MessageParts) => `${code} è il suo codice` }
    expect(composerOf({ template }).replaced('67', 'it')).toMatch(/^Your phone number/)
    const replaced = ({ lastDigits }: { lastDigits: string }) => `…${lastDigits}`
    expect(composerOf({ replaced }).replaced('67', null)).toBe('…67')
  })

  test.each([() => '', () => undefined, 5])('cannot be %s', (replaced) => {
    expect(() => composerOf({ replaced: replaced as never })).toThrow(/^message\.replaced must be/)
  })
})
