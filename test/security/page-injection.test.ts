/**
 * The attacker gets their own text onto a page of the second factor: by a field, a path, a query, a header, or through
 * the application's own name. On the page it must be plain text that never runs.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { cookieOf, passedBrowser } from '../support/in-or-out.js'
import { rawRequest } from '../support/raw-request.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({
    secondFactor: { mountPath: "/second-factor/../second-factor'q" },
    routes(server, secondFactor) {
      server.use(secondFactor.gate())
    },
  })
})
afterEach(() => app.close())

const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)",
  'javascript:alert(1)',
  '</style><script>alert(1)</script>',
  '{{constructor.constructor("alert(1)")()}}',
  '<svg/onload=alert(1)>',
]

/** The one script of the default pages. */
const ownScript =
  /<script type="module" src="\/second-factor&#39;q\/assets\/second-factor\.[\w-]{16}\.js"><\/script>/

/** Elements and attributes that a page of ours never has. */
function expectInert(page: string): void {
  const text = page.replace(ownScript, '')
  expect(text).not.toMatch(/<script|<img|<svg|<iframe/i)
  expect(text.replace(/&#39;|&quot;/g, '')).not.toMatch(/<[^>]*\son\w+\s*=/i)
  expect(text).not.toMatch(/(?:href|action|src)\s*=\s*["']?\s*javascript:/i)
}

test.each(payloads)(
  '%s in a field, query or header does not appear on the page',
  async (payload) => {
    const alice = await app.login('alice')
    const carol = await app.login('carol')
    const query = `?error=${encodeURIComponent(payload)}&message=${encodeURIComponent(payload)}`
    const pages = [
      await alice.submit(`/second-factor/verify${query}`, { code: payload }),
      await alice.submit(`/second-factor/challenge${query}`, { phone: payload, channel: payload }),
      await carol.submit(`/second-factor/phone${query}`, { phone: payload }),
      await alice.page(`/second-factor/${query}`),
      await app.browser().submit(`/second-factor/verify${query}`, { code: payload }),
    ]
    const page = await rawRequest(app.url, {
      ...{ method: 'POST', path: '/second-factor/verify', body: '' },
      headers: {
        ...{
          accept: 'text/html',
          cookie: cookieOf(alice),
          referer: payload,
          'user-agent': payload,
        },
        ...{ 'accept-language': payload, origin: payload },
      },
    })
    for (const { text } of [...pages, page]) {
      expectInert(text)
      expect(text).not.toContain('alert(1)')
    }
  },
)

test.each(payloads)(
  '%s in the path a person comes from is escaped in the link back',
  async (payload) => {
    const alice = await passedBrowser(app, 'alice')
    await alice.post('/login', { username: 'alice', password: 'password' })
    const spellings = [
      encodeURIComponent(payload),
      encodeURI(payload),
      payload.replace(/[ <>"]/g, ''),
    ]
    for (const spelled of spellings) {
      const headers = { accept: 'text/html', cookie: cookieOf(alice) }
      await rawRequest(app.url, { method: 'GET', path: `/page/${spelled}?q=${spelled}`, headers })
      const { text } = await alice.page('/second-factor/')
      expectInert(text)
    }
  },
)

test('configured names are escaped as well', async () => {
  const { text } = await (await app.login('alice')).page('/second-factor/')
  expectInert(text)
  expect(text).toContain('second-factor&#39;q')
})
