/** The language of a message: the user's, else the browser's, else the application's. */

import { afterEach, expect, test } from 'vitest'

import { consoleSender, type CodeSender, type InboxMessage } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions, type TestUser } from '../support/app.js'

let app: TestApp
let locales: (string | null)[]
let inbox: (to?: string) => readonly InboxMessage[]

async function start(
  locale?: (user: TestUser) => Promise<string | null> | string | null,
  message: NonNullable<TestAppOptions['secondFactor']>['message'] = {},
): Promise<void> {
  locales = []
  const printer = consoleSender({ print: () => undefined })
  inbox = (to) => printer.inbox(to)
  const sender: CodeSender = {
    channel: 'sms',
    send(message) {
      locales.push(message.locale)
      return printer.send(message)
    },
  }
  app = await startTestApp({
    sender,
    secondFactor: {
      message,
      users: { id: (user) => user.id, phone: (user) => user.phone, ...(locale ? { locale } : {}) },
    },
  })
}
afterEach(() => app.close())

/** The message to a login whose browser prefers these languages, and the locale that the sender gets. */
async function login(acceptLanguage?: string): Promise<[text: string, locale: string | null]> {
  const body = JSON.stringify({ username: 'alice', password: 'password' })
  const headers = {
    ...{ accept: 'application/json', 'content-type': 'application/json' },
    ...(acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage }),
  }
  await app.browser().ask('/login', { method: 'POST', headers, body })
  return [inbox()[0]?.text ?? '', locales.at(-1) ?? null]
}

const english = /^\d{6} is your code/
const french = /^\d{6} est votre code/

test.each([
  ['fr', french, 'fr'],
  ['fr-CA,fr;q=0.9,en;q=0.8', french, 'fr-CA'],
  ['en;q=0.3, pt-BR;q=0.8', /^\d{6} é o seu codigo/, 'pt-BR'],
  ['hi-IN', /^\d{6} आपका कोड/, 'hi-IN'],
  // The first of the preferred languages that there is a text in.
  ['it-IT, it;q=0.9, fr;q=0.8, en;q=0.7', french, 'fr'],
  // None of them: the sender is told the first all the same, for what it may know of it.
  ['it, ja;q=0.5', english, 'it'],
  ['*', english, null],
  ['x"y\\, <script>', english, null],
  ['a-evil.com', english, null],
] as const)('follows a browser that prefers %s', async (header, text, locale) => {
  await start()
  const [sent, told] = await login(header)
  expect(sent).toMatch(text)
  expect(told).toBe(locale)
})

test('the user’s language wins over the browser’s, however a code is requested', async () => {
  await start(() => 'fr_FR')
  const [sent, told] = await login('de')
  expect(sent).toMatch(french)
  expect(told).toBe('fr-FR')

  const alice = await app.login('alice')
  app.clock.advance(30)
  await alice.post('/second-factor/challenge')
  expect(inbox()[0]?.text).toMatch(french)

  const bob = app.users[1]
  if (bob === undefined) throw new Error('there is no bob')
  await app.secondFactor.start(bob)
  expect(inbox(bob.phone ?? '')[0]?.text).toMatch(french)
  app.clock.advance(30)
  await app.secondFactor.start(bob, { locale: 'de' })
  expect(inbox(bob.phone ?? '')[0]?.text).toContain('ist Ihr Code')
})

test.each([
  ['says nothing', () => null],
  ['says what is no language', () => 'français !'],
  ['says it of another type', () => 4 as never],
  ['throws', () => Promise.reject(new Error('down'))],
])('a directory that %s leaves it to the browser', async (_what, locale) => {
  await start(locale)
  expect((await login('fr'))[0]).toMatch(french)
})

test('the application’s default is used otherwise', async () => {
  await start(undefined, { defaultLocale: 'fr' })
  expect((await login())[0]).toMatch(french)
  app.clock.advance(30)
  expect((await login('it'))[0]).toMatch(french)
  app.clock.advance(60)
  expect((await login('en'))[0]).toMatch(english)
})
