/**
 * The attacker wants an operator's powers: by finding the page, with a password alone, on an operator's unlocked
 * machine, by making the operator's browser send a request, as an operator acting on their own account, or by injected
 * text.
 */

import { describe, expect, test } from 'vitest'

import { memoryAudit } from '../../src/index.js'
import type { TestUser } from '../support/app.js'
import { tagsOf } from '../support/html.js'
import { passedBrowser } from '../support/in-or-out.js'
import { ops, startOperationsApp, type OperationsApp } from '../support/operations-app.js'

const reason = 'ticket 4711'

const addresses: [method: string, path: string][] = [
  ...[`${ops}/`, `${ops}/overview`, `${ops}/users/2`, `${ops}/users/2/reset`].map(
    (path): [string, string] => ['GET', path],
  ),
  ...[`${ops}/users`, `${ops}/users/2/unlock`, `${ops}/users/2/reset`, `${ops}/users/2/revoke`].map(
    (path): [string, string] => ['POST', path],
  ),
]

/** True if no user was changed. */
function isUntouched({ events }: OperationsApp): boolean {
  return !events.some(({ type }) => type === 'reset' || type === 'all_grants_revoked')
}

const json = { accept: 'application/json', 'content-type': 'application/json' }
const form = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }

test('a person who is not an operator gets the same 404 as for an unknown address', async () => {
  await using app = await startOperationsApp()
  const asked = async (path: string, method: string, browser = app.browser()) => {
    const { status, text, headers } = await browser.ask(path, {
      method,
      headers: { accept: 'text/html' },
    })
    const names = [...headers.keys()].filter((name) => name !== 'content-length')
    return [
      ...[status, text.replace(path, ''), headers.get('content-security-policy')],
      ...[names.join(', '), headers.get('cache-control')],
    ]
  }
  const stranger = app.browser()
  const bob = await passedBrowser(app, 'bob')
  for (const [method, path] of addresses) {
    const nothing = await asked('/nowhere', method)
    expect(nothing[0]).toBe(404)
    expect(await asked(path, method, stranger), path).toEqual(
      nothing.map((each) => (typeof each === 'string' ? each.replace('/nowhere', '') : each)),
    )
    expect((await asked(path, method, bob))[0], path).toBe(404)
  }
  const asset = await bob.get(`${ops}/assets/operations.0000000000000000.css`)
  expect(asset.status).toBe(404)
  expect(isUntouched(app)).toBe(true)
})

describe('authorize', () => {
  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no database')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
    ['returns nothing', () => undefined],
    ['returns null', () => null],
    ['returns a promise of false', () => Promise.resolve(false)],
  ])('that %s lets nobody in', async (_name, authorize) => {
    await using app = await startOperationsApp({ router: { authorize: authorize as never } })
    const browser = await passedBrowser(app, 'alice')
    expect((await browser.page(`${ops}/`)).status).toBe(404)
  })

  test.each([1, 'yes', {}, []])(
    'that returns %o lets nobody in, and names the mistake',
    async (answer) => {
      await using app = await startOperationsApp({ router: { authorize: (() => answer) as never } })
      const browser = await passedBrowser(app, 'alice')
      expect((await browser.page(`${ops}/`)).status).toBe(500)
      expect(String(app.faults[0])).toContain(
        'operationsRouter.authorize must return true or false',
      )
    },
  )

  test('is not called for a request without a login', async () => {
    await using app = await startOperationsApp({ router: { authorize: () => true } })
    expect((await app.browser().page(`${ops}/`)).status).toBe(404)
  })
})

test('an operator’s password alone shows and does nothing', async () => {
  await using app = await startOperationsApp()
  const browser = await app.login('alice')
  const page = await browser.page(`${ops}/users/2`)
  expect([page.status, page.headers.get('location')]).toEqual([303, '/second-factor/'])
  for (const [method, path] of addresses) {
    const answer = await browser.ask(path, {
      method,
      headers: json,
      ...(method === 'POST' ? { body: JSON.stringify({ reason, find: '2' }) } : {}),
    })
    expect([path, answer.status, answer.json['code']]).toEqual([
      path,
      403,
      'second_factor_required',
    ])
  }
  expect(isUntouched(app)).toBe(true)
})

test('waiving an operator’s second factor does not waive it here', async () => {
  await using app = await startOperationsApp({
    secondFactor: {
      users: {
        id: ({ id }) => id,
        phone: ({ phone }) => phone,
        isRequired: () => false,
      },
    },
  })
  const browser = await app.login('alice')
  expect((await browser.get('/account')).status).toBe(200)
  for (const [method, path] of addresses) {
    const answer = await browser.ask(path, {
      method,
      headers: json,
      ...(method === 'POST' ? { body: JSON.stringify({ reason, find: '2' }) } : {}),
    })
    expect([path, answer.status]).toEqual([path, 403])
  }
  expect(isUntouched(app)).toBe(true)
})

test('an operator who is excused elsewhere, and passed an hour ago, does nothing before they pass again', async () => {
  const users = { id: ({ id }: TestUser) => id, phone: ({ phone }: TestUser) => phone }
  await using app = await startOperationsApp({
    secondFactor: { users: { ...users, isRequired: () => false } },
  })
  const browser = await app.login('alice')
  const pass = async () => {
    const { headers } = await browser.page(`${ops}/users/2/revoke`)
    expect(headers.get('location')).toBe('/second-factor/')
    await browser.post('/second-factor/challenge')
    return browser.submit('/second-factor/verify', { code: app.codeFor('alice') })
  }
  await pass()
  app.clock.advance(3_600)
  const refused = await browser.post(`${ops}/users/2/revoke`, { reason })
  expect([refused.status, refused.json['code']]).toEqual([403, 'second_factor_stale'])
  expect(isUntouched(app)).toBe(true)
  expect((await browser.page(`${ops}/users/2`)).status).toBe(200)
  expect((await pass()).headers.get('location')).toBe(`${ops}/users/2/revoke`)
  expect((await browser.post(`${ops}/users/2/revoke`, { reason })).status).toBe(200)
})

test('a machine left alone for five minutes shows pages but does nothing', async () => {
  await using app = await startOperationsApp()
  const browser = await passedBrowser(app, 'alice')
  app.clock.advance(301)
  expect((await browser.page(`${ops}/users/2`)).status).toBe(200)
  for (const action of ['unlock', 'reset', 'revoke']) {
    const answer = await browser.post(`${ops}/users/2/${action}`, { reason })
    expect([answer.status, answer.json['code']]).toEqual([403, 'second_factor_stale'])
    const page = await browser.page(`${ops}/users/2/${action}`)
    expect([page.status, page.headers.get('location')]).toEqual([303, '/second-factor/'])
  }
  expect(isUntouched(app)).toBe(true)
})

test.each<[string, Record<string, string>]>([
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['another site, old browser', { origin: 'https://evil.example' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['another host of the site', { 'sec-fetch-site': 'same-site' }],
  [
    'a trusted origin on another host',
    { origin: 'https://spa.example', 'sec-fetch-site': 'same-site' },
  ],
])('a request that %s made the operator’s browser send does nothing', async (_name, headers) => {
  await using app = await startOperationsApp({ secondFactor: { origins: ['https://spa.example'] } })
  const browser = await passedBrowser(app, 'alice')
  for (const action of ['unlock', 'reset', 'revoke']) {
    const asForm = await browser.ask(`${ops}/users/2/${action}`, {
      ...{ method: 'POST', headers: { ...form, ...headers }, body: `reason=${reason}` },
    })
    const asJson = await browser.ask(`${ops}/users/2/${action}`, {
      ...{ method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify({ reason }) },
    })
    expect([asForm.status, asJson.status, asJson.json['code']]).toEqual([
      403,
      403,
      'cross_site_request',
    ])
  }
  expect((await browser.get(`${ops}/users/2/unlock?reason=x`)).status).toBe(200)
  expect(isUntouched(app)).toBe(true)
})

test('no operator can act on their own account', async () => {
  await using app = await startOperationsApp()
  const browser = await passedBrowser(app, 'alice')
  for (const action of ['unlock', 'reset', 'revoke']) {
    const answer = await browser.post(`${ops}/users/1/${action}`, { reason })
    expect([answer.status, answer.json['code']]).toEqual([403, 'own_account'])
    expect((await browser.page(`${ops}/users/1/${action}`)).status).toBe(403)
  }
  expect((await browser.page(`${ops}/users/1`)).text).not.toContain('/users/1/unlock')
  expect(isUntouched(app)).toBe(true)
})

test.each([
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '</title><svg/onload=alert(1)>',
])('an attacker’s text is shown as plain text: %s', async (text) => {
  await using app = await startOperationsApp({
    router: { actor: () => text },
    secondFactor: { appName: text },
  })
  const browser = await passedBrowser(app, 'alice')
  const id = encodeURIComponent(text)
  await browser.post(`${ops}/users/${id}/unlock`, { reason: text })
  const pages = [
    await browser.page(`${ops}/`),
    await browser.page(`${ops}/users/${id}`),
    await browser.page(`${ops}/users/${id}/unlock`),
    await browser.submit(`${ops}/users/${id}/unlock`, { reason: text.repeat(20) }),
    await browser.page(`${ops}/users/${id}?done=${id}`),
  ]
  for (const { text: page, headers } of pages) {
    expect(page).not.toMatch(/<script|<img|onload=alert\(1\)>|<svg\//i)
    expect(tagsOf(page, 'input').some((tag) => 'onfocus' in tag)).toBe(false)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    expect([headers.get('x-frame-options'), headers.get('cache-control')]).toEqual([
      'DENY',
      'no-store',
    ])
  }
  expect(pages[1]?.text).toMatch(/<h1>User <bdi>[^<]*&(?:lt|#39|quot);/)
})

test.each(['cross-site', 'same-site', 'none'])(
  'a %s link cannot make an operator believe that something was done',
  async (site) => {
    await using app = await startOperationsApp()
    const browser = await passedBrowser(app, 'alice')
    const shown = async (from: string) => {
      const headers = { accept: 'text/html', 'sec-fetch-site': from }
      return (await browser.ask(`${ops}/users/2?done=revoke`, { method: 'GET', headers })).text
    }
    expect(await shown(site)).not.toContain('Revoked.')
    expect(await shown('same-origin')).toContain('Revoked.')
  },
)

test('no page has a script, style attribute or event handler', async () => {
  await using app = await startOperationsApp({ secondFactor: { audit: memoryAudit() } })
  const browser = await passedBrowser(app, 'alice')
  for (const path of ['/', '/users/2', '/users/2/revoke']) {
    const { text } = await browser.page(`${ops}${path}`)
    expect(text).not.toMatch(/<script|\sstyle=|\son\w+=/i)
  }
})

test('no page or response contains a full phone', async () => {
  await using app = await startOperationsApp()
  await app.login('bob')
  const browser = await passedBrowser(app, 'alice')
  const answers = [
    await browser.page(`${ops}/users/2`),
    await browser.get(`${ops}/users/2`),
    await browser.get(`${ops}/overview`),
  ]
  for (const { text } of answers) expect(text).not.toContain('9876543210')
  for (const { text } of answers) expect(text).not.toContain(app.codeFor('bob'))
})
