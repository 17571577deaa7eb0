/**
 * Codes and phones as people paste them: the pages and the JSON endpoints accept what is meant, whatever comes with
 * it.
 */

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { maxTypedLength } from '../../src/core/fields.js'
import { digitsWithin } from '../../src/core/typed-digits.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { fieldsOf, tagsOf, textOf } from '../support/html.js'
import { isIn } from '../support/in-or-out.js'
import { pastedDigits } from '../support/pasting.js'
import { expectProblem, reasonOn } from '../support/problem.js'
import { rowOf } from '../support/rows.js'

const verify = '/second-factor/verify'
const phone = '/second-factor/phone'

let app: TestApp
const restart = async (options: Parameters<typeof startTestApp>[0] = {}) => {
  await app.close()
  app = await startTestApp(options)
}
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

/** The code as it comes out of a clipboard. */
const pasted: readonly [string, (code: string) => string][] = [
  ['between directional marks', (code) => `\u202A${code}\u202C`],
  ['behind a byte order mark', (code) => `\uFEFF${code}`],
  ['with zero-width spaces', (code) => Array.from(code).join('\u200B')],
  ['with a no-break space', (code) => `${code.slice(0, 3)}\u00A0${code.slice(3)}`],
  ['with a line end and a tab', (code) => `\t${code}\r\n`],
  ['with a long dash', (code) => `${code.slice(0, 3)}—${code.slice(3)}`],
  ['with dots', (code) => Array.from(code).join('.')],
  ['in brackets', (code) => `(${code})`],
  ['in Arabic digits', (code) => inScript(code, 0x660)],
  ['in mathematical digits', (code) => inScript(code, 0x1d7d8)],
  ['behind a prefix', (code) => `G-${code}`],
  ['among 500 spaces', (code) => code.padStart(500)],
]

describe('a pasted code', () => {
  test.each(pasted)('%s passes, as JSON and from a page', async (_how, spell) => {
    const alice = await app.login('alice')
    const answer = await alice.post(verify, { code: spell(app.codeFor('alice')) })
    expect([answer.status, answer.json['status']]).toEqual([200, 'passed'])
    const bob = await app.login('bob')
    expect((await bob.submit(verify, { code: spell(app.codeFor('bob')) })).status).toBe(303)
    expect(await isIn(bob)).toBe(true)
  })

  test.each(['en', 'fr', 'es', 'de', 'pt', 'hi', 'ar'])(
    'passes within the whole message, in %s, with the autofill line',
    async (locale) => {
      await restart({
        secondFactor: { message: { appName: 'Shop 24', autofillHost: 'shop.example' } },
      })
      const alice = app.browser()
      await alice.ask('/login', {
        ...{ method: 'POST', body: JSON.stringify({ username: 'alice', password: 'password' }) },
        headers: { 'content-type': 'application/json', 'accept-language': locale },
      })
      const message = app.inbox.inbox()[0]?.text ?? ''
      expect(message).toContain('@shop.example #')
      // A field of one line joins the lines of what is pasted into it.
      for (const text of [message, message.replace('\n', ''), message.replace('\n', ' ')]) {
        const wrong = wrongCode(app.codeFor('alice'))
        const answer = await alice.post(verify, {
          code: text.replaceAll(app.codeFor('alice'), wrong),
        })
        expect(answer.json['code']).toBe('code_incorrect')
      }
      expect((await alice.post(verify, { code: message })).status).toBe(200)
    },
  )

  test('also passes without a request', async () => {
    const alice = app.users[0] as Express.User
    await app.secondFactor.start(alice)
    const answer = await app.secondFactor.verify(alice, `G-${app.codeFor('alice')}\u200F`)
    expect(answer.status).toBe('passed')
  })

  test('is rejected if it could be two codes, or is a JSON number', async () => {
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    const other = wrongCode(code)
    for (const typed of [
      `${code} or ${other}`,
      `${code}, ${code}`,
      `x${code}0`,
      Number(code),
      [code],
    ]) {
      expectProblem(await alice.post(verify, { code: typed }), 'malformed_request')
    }
    expect((await rowOf(app.store, '1')).failures).toBe(0)
    expect((await alice.post(verify, { code })).status).toBe(200)
  })
})

describe('the code field', () => {
  /** The text that a browser submits without scripts. */
  async function field(): Promise<(text: string) => boolean> {
    const { text } = await (await app.login('alice')).page('/second-factor/')
    const [input] = fieldsOf(text)
    const pattern = new RegExp(`^(?:${input?.['pattern'] ?? ''})$`, 'v')
    return (typed) => pattern.test(typed) && typed.length <= Number(input?.['maxlength'])
  }

  test('blocks nothing that the server accepts', async () => {
    const takes = await field()
    const marked = fc.oneof(
      pastedDigits('012345'),
      pastedDigits('012345').map((text) => `Your code: ${text} – valid for 5 min.`),
      fc.string({ unit: 'binary', maxLength: maxTypedLength }),
    )
    fc.assert(
      fc.property(marked, (text) => {
        fc.pre(text.length <= maxTypedLength && digitsWithin(text, 6) !== null)
        expect(takes(text)).toBe(true)
      }),
      { examples: pasted.map(([, spell]) => [spell('012345')]) },
    )
  })

  test('blocks half a code, which would be sent by mistake', async () => {
    const takes = await field()
    for (const text of ['', '12345', '१२३४५', 'G-12345', 'code']) expect(takes(text)).toBe(false)
  })
})

describe('a pasted phone', () => {
  const spellings = [
    '\u202A+33\u00A06\u00A012\u00A034\u00A056\u00A078\u202C',
    '\uFEFF+33612345678',
    '+٣٣٦١٢٣٤٥٦٧٨',
  ]

  test.each(spellings)('is accepted: %j', async (typed) => {
    const carol = await app.login('carol')
    expect((await carol.post(phone, { phone: typed })).status).toBe(201)
    expect(app.inbox.inbox('+33612345678')).toHaveLength(1)
  })

  test.each(spellings)(
    'is accepted if the application has stored it like this: %j',
    async (stored) => {
      await restart({
        secondFactor: { users: { id: ({ id }) => id, phone: () => stored } },
      })
      await app.login('carol')
      expect(app.inbox.inbox('+33612345678')).toHaveLength(1)
    },
  )

  test('is not blocked by its field', async () => {
    const [input] = tagsOf((await (await app.login('carol')).page(phone)).text, 'input')
    expect([input?.['maxlength'], input?.['pattern']]).toEqual([String(maxTypedLength), undefined])
  })
})

describe('a refused phone', () => {
  /** The answer to this phone, typed by somebody whose browser prefers these languages. */
  async function answerTo(typed: string, languages = 'en') {
    const carol = await app.login('carol')
    const read = { accept: 'text/html', 'accept-language': languages }
    const answer = await carol.ask(phone, {
      method: 'POST',
      headers: { ...read, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ phone: typed }).toString(),
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, phone])
    const page = await carol.ask(phone, { headers: read })
    // The example stands between isolates.
    const text = textOf(page.text).replace(/[\u2066\u2069]/g, '')
    return { page, typed: tagsOf(page.text, 'input')[0]?.['value'], text }
  }

  test.each(['06 12 34 56 78', '+33 6 12 34', 'O6 12 34 56 78', '+237 671 23 45 67 ext. 5'])(
    'stays in its field as typed: %s',
    async (typed) => {
      expect((await answerTo(typed)).typed).toBe(typed)
    },
  )

  test.each(['"><script>alert(12)</script>', '{{12*12}}', "' onfocus='alert(12)", 'no digits'])(
    'leaves its field empty if it does not look like a phone: %s',
    async (typed) => {
      const { page, ...shown } = await answerTo(typed)
      expect(reasonOn(page)).toMatch(/include the country code/)
      expect([shown.typed, page.text.includes('12*12')]).toEqual(['', false])
    },
  )

  test.each([
    [
      'en',
      '671234567',
      'The country code is missing or unclear. Start with + and the country code, as in +1 201 555 0123.',
    ],
    [
      'fr-CM, en;q=0.5',
      '6 71 23 45 67',
      'Commencez par + et l’indicatif, comme dans +237 6 71 23 45 67.',
    ],
    ['en-IN', '98765 43210', 'as in +91 81234 56789.'],
    ['de', '0151 23456789', 'wie bei +49 1512 3456789.'],
    ['en', '0011 65 9223 4567', 'as in +1 201 555 0123.'],
  ])(
    'names a missing country code, with an example of the person’s country: %s, %s',
    async (languages, typed, sentence) => {
      expect((await answerTo(typed, languages)).text).toContain(sentence)
    },
  )

  test('shows an example from the default country, if there is one', async () => {
    await restart({ secondFactor: { phone: { defaultCountry: 'CM' } } })
    const { text, page } = await answerTo('0612345678', 'fr-FR')
    expect(text).toContain('comme dans +237 6 71 23 45 67.')
    expect(tagsOf(page.text, 'input')[0]?.['aria-describedby']).toBe('alert example')
  })

  test('is not reported as missing a country code if it has one or is not a phone at all', async () => {
    for (const typed of ['+33 6 12 34', '+1 900 555 0123', 'my number']) {
      expect((await answerTo(typed)).text).not.toContain('The country code is missing')
    }
  })

  test('is reported the same way to programs', async () => {
    const answer = await (await app.login('carol')).post(phone, { phone: '671234567' })
    expectProblem(answer, 'destination_invalid')
    expect(answer.json['detail']).toContain('country code')
  })
})

function inScript(code: string, zero: number): string {
  return code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
}
