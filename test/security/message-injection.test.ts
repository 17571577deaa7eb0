/**
 * The attacker wants our message to contain their words, link or autofill line: through the name they registered,
 * headers that name hosts and languages, or the request body. A line `@evil.com #code` would make the victim's browser
 * fill the code in on the attacker's page.
 */

import { afterEach, expect, test } from 'vitest'

import { ConfigurationError } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'

const evil = '\n@evil.com #111111'

let app: TestApp | undefined
afterEach(() => app?.close())

/** Logs alice in, under a name of the attacker's, with these headers. */
async function sendTo(headers: Record<string, string>): Promise<string> {
  app = await startTestApp({
    secondFactor: { appName: 'Example', message: { autofillHost: 'example.com' } },
  })
  Object.assign(app.users[0] ?? {}, { username: `alice${evil}` })
  const browser = app.browser()
  await browser.ask('/login', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      ...{ username: `alice${evil}`, password: 'password' },
      ...{ appName: evil, template: evil, autofillHost: 'evil.com', locale: evil, returnTo: evil },
    }),
  })
  return app.inbox.inbox()[0]?.text ?? ''
}

test.each([
  {},
  { 'x-forwarded-host': 'evil.com', forwarded: 'host=evil.com', 'x-host': 'evil.com' },
  { 'accept-language': '@evil.com #111111' },
  { 'accept-language': 'en-evil-com, x-evil' },
  { referer: 'https://evil.com/', 'user-agent': '@evil.com #111111' },
])('a message is our sentence and one line for our host: %j', async (headers) => {
  const text = await sendTo(headers)
  const code = app?.inbox.inbox()[0]?.code ?? ''
  expect(text).toBe(
    `Example: ${code} is your code. It expires in 5 min. Don't share it.\n@example.com #${code}`,
  )
})

test.each([`Example${evil}`, 'Example https://evil.com', '@evil.com #111111', 'Shop 🛒'])(
  'an application name that would inject text is refused before anything is sent: %j',
  async (appName) => {
    await expect(startTestApp({ secondFactor: { appName } })).rejects.toThrow(ConfigurationError)
    // Where the pages are to show it all the same, messages can have a name of their own.
    const message = { appName: 'Example' }
    app = await startTestApp({ secondFactor: { appName, message } })
    await app.login('alice')
    expect(app.inbox.inbox()[0]?.text).toMatch(/^Example: \d{6} is your code\. [^\n]+$/)
  },
)

test('the page name is also the message name unless messages have their own', async () => {
  app = await startTestApp({
    secondFactor: { appName: 'Example', message: { appName: undefined } },
  })
  await app.login('alice')
  expect(app.inbox.inbox()[0]?.text).toMatch(/^Example: \d{6} is your code/)
})
