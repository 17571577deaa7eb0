/** The pages are in the person's language: the user's own, else the browser's. */

import { afterEach, expect, test } from 'vitest'

import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Answer } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { tagsOf, textOf } from '../support/html.js'
import { reasonOn } from '../support/problem.js'

let app: TestApp
afterEach(() => app.close())

/** The page of somebody whose browser asks for these languages. */
async function pageIn(languages: string, options: TestAppOptions = {}): Promise<Answer> {
  app = await startTestApp(options)
  const alice = await app.login('alice')
  const headers = { accept: 'text/html', 'accept-language': languages }
  return alice.ask('/second-factor/', { headers })
}

test.each([
  ['fr-CA,fr;q=0.9,en;q=0.8', 'fr', 'ltr', 'Confirmer'],
  ['xx,hi;q=0.5', 'hi', 'ltr', 'पुष्टि'],
  ['ar', 'ar', 'rtl', 'تأكيد'],
  ['xx', 'en', 'ltr', 'Confirm'],
  ['*', 'en', 'ltr', 'Confirm'],
  // Only so many are read as a person may know.
  [`${'xx,'.repeat(19)}fr`, 'fr', 'ltr', 'Confirmer'],
  [`${'xx,'.repeat(20)}fr`, 'en', 'ltr', 'Confirm'],
])('follows a browser that asks for %s', async (languages, lang, dir, word) => {
  const { text } = await pageIn(languages)
  expect(tagsOf(text, 'html')).toEqual([{ lang, dir }])
  expect(textOf(text)).toContain(word)
  // The digits of the phone stand as they are dialled.
  expect(text).toContain('<bdi dir="ltr">67</bdi>')
})

test('follows the user if the application knows their language', async () => {
  const users = {
    id: (user: { id: number }) => user.id,
    phone: () => '+237671234567',
    locale: () => 'de_AT',
  }
  const { text } = await pageIn('fr', { secondFactor: { users } })
  expect(tagsOf(text, 'html')).toEqual([{ lang: 'de', dir: 'ltr' }])
})

test('applies to refusals too, while programs get English', async () => {
  await pageIn('es')
  const alice = await app.login('bob')
  const headers = { 'accept-language': 'es', 'content-type': 'application/x-www-form-urlencoded' }
  const body = `code=${wrongCode(app.codeFor('bob'))}`
  const refused = await alice.ask('/second-factor/verify', {
    ...{ method: 'POST', headers: { ...headers, accept: 'text/html' }, body },
  })
  expect(refused.status).toBe(303)
  const page = await alice.ask('/second-factor/', {
    headers: { accept: 'text/html', 'accept-language': 'es' },
  })
  expect(tagsOf(page.text, 'html')).toEqual([{ lang: 'es', dir: 'ltr' }])
  expect(reasonOn(page)).toMatch(/3 intentos|4 intentos/)
  const told = await alice.ask('/second-factor/verify', {
    ...{ method: 'POST', headers: { ...headers, accept: 'application/json' }, body },
  })
  expect(told.json['detail']).toBe(
    'That code isn’t right. Check it and try again. You have 3 tries left.',
  )
  const nobody = await app.browser().ask('/transfer', {
    ...{ method: 'POST', headers: { ...headers, accept: 'text/html' } },
  })
  expect([nobody.status, tagsOf(nobody.text, 'html')[0]]).toEqual([401, { lang: 'es', dir: 'ltr' }])
})

test('includes the application’s own texts', async () => {
  const pages = { texts: { it: { confirm: 'Conferma <b>' } } }
  const { text } = await pageIn('it-CH', { secondFactor: { pages } })
  expect(tagsOf(text, 'html')).toEqual([{ lang: 'it', dir: 'ltr' }])
  expect(text).toContain('<button>Conferma &lt;b&gt;</button>')
})

test('includes the application’s own refusal texts, also for the phone', async () => {
  const refusals = { code_incorrect: 'Codice errato.' }
  const phone = { refusals: { cooldown: 'Piano, piano.' } }
  await pageIn('it', { secondFactor: { pages: { texts: { it: { refusals, phone } } } } })
  const bob = await app.login('bob')
  const submit = (path: string, body = '') => {
    const headers = {
      ...{ accept: 'text/html', 'accept-language': 'it' },
      'content-type': 'application/x-www-form-urlencoded',
    }
    return bob.ask(path, { method: 'POST', headers, body })
  }
  const tooSoon = await submit('/second-factor/challenge')
  const inItalian = { accept: 'text/html', 'accept-language': 'it' }
  const shown = () => bob.ask('/second-factor/', { headers: inItalian })
  expect(tooSoon.status).toBe(303)
  expect(reasonOn(await shown())).toMatch(/^Piano, piano\./)
  await submit('/second-factor/verify', `code=${wrongCode(app.codeFor('bob'))}`)
  expect(reasonOn(await shown())).toMatch(/^Codice errato\./)
})
