/** The application's own views in place of the default pages. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Answer } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'

const mount = '/second-factor/'
const own = ['_locals', 'cache', 'settings']

let folder: string
let app: TestApp
/** True if the engine fails from now on. */
let broken: boolean

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'views-'))
  for (const name of ['ask', 'phone', 'sorry']) await writeFile(join(folder, `${name}.test`), '')
})
afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  broken = false
  app = await startTestApp({
    secondFactor: {
      appName: 'Shop',
      pages: { views: { challenge: 'ask', phone: 'phone', message: 'sorry' } },
    },
    before: (express) => {
      express.set('views', folder)
      express.set('view engine', 'test')
      express.engine('test', (path, locals, done) => {
        const shown = Object.entries(locals).filter(([name]) => !own.includes(name))
        if (broken) done(new Error('a template that does not render'))
        else done(null, JSON.stringify({ view: path, ...Object.fromEntries(shown) }))
      })
    },
  })
})
afterEach(() => app.close())

const asset = (extension: string) =>
  expect.stringMatching(
    new RegExp(`^/second-factor/assets/second-factor\\.[\\w-]{16}\\.${extension}$`),
  ) as string

const everywhere = {
  ...{ locale: 'en', direction: 'ltr', appName: 'Shop', logo: null, submitOnLastDigit: false },
  ...{ mountPath: '/second-factor', loginPath: '/login', logoutPath: null, logoutMethod: 'POST' },
  ...{
    message: null,
    code: null,
    retryAt: null,
    retryAfterSeconds: null,
    action: null,
    csrf: null,
  },
  ...{ stylesheets: [asset('css')], script: asset('js') },
  ...{ account: null, support: null, offersOtherFactors: false, links: [] },
  ...{ ownScripts: [], trustDays: null },
}

function expectView(answer: Answer, status: number, view: string, locals: object): void {
  const { texts, ...shown } = answer.json
  expect([answer.status, shown]).toEqual([
    status,
    { view: join(folder, `${view}.test`), ...everywhere, ...locals },
  ])
  expect(texts).toMatchObject({
    ...{ confirm: 'Confirm', phone: { headings: { phone: 'Your phone number' } } },
  })
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
}

test('get everything that the default pages show', async () => {
  const alice = await app.login('alice')
  const { challenge } = (await alice.get(mount)).json
  const locals = {
    ...{ name: 'challenge', challenge, verifiesPhone: false, passed: false, sentAgain: false },
    ...{ channels: [], sendInSeconds: 30, offersPhone: false, returnTo: '/account' },
    action: '/second-factor/verify',
    ...{
      hasWrongCode: false,
      isInDoubt: false,
      signsInFirst: false,
      isElsewhere: false,
      changedTo: null,
    },
  }
  expectView(await alice.page(mount), 200, 'ask', locals)
  const code = wrongCode(app.codeFor('alice'))
  expect((await alice.submit('/second-factor/verify', { code })).status).toBe(303)
  expectView(await alice.page(mount), 200, 'ask', {
    ...{ ...locals, challenge: { ...(challenge as object), attemptsLeft: 4 }, hasWrongCode: true },
    ...{
      message: 'That code isn’t right. Check it and try again. You have 4 tries left.',
      code: 'code_incorrect',
    },
  })
})

test('exist for a phone and for a message page', async () => {
  const carol = await app.login('carol')
  expectView(await carol.page(mount), 200, 'phone', {
    ...{ name: 'phone', phone: null, notifiesPhone: false, example: '+1 201 555 0123', typed: '' },
    ...{ isCodeAwaited: false, action: '/second-factor/phone' },
  })
  expectView(await app.browser().submit('/transfer'), 401, 'sorry', {
    ...{ name: 'message', message: 'Log in with your password first.', code: 'login_required' },
    action: null,
  })
})

test('have every local in every state, so templates need no checks', async () => {
  const alice = await app.login('alice')
  const names = (answer: Answer) => Object.keys(answer.json).sort()
  const running = await alice.page(mount)
  await alice.delete('/second-factor/challenge')
  const ended = await alice.page(mount)
  expect(ended.json['action']).toBe('/second-factor/challenge')
  const refused = await alice.submit('/second-factor/challenge')
  expect(refused.status).toBe(303)
  const cooled = await alice.page(mount)
  expect(cooled.json).toMatchObject({ code: 'cooldown', retryAfterSeconds: 30 })
  expect([names(ended), names(cooled)]).toEqual([names(running), names(running)])
})

test('can be functions that return the whole page', async () => {
  await app.close()
  app = await startTestApp({
    secondFactor: {
      pages: {
        defaultLocale: 'fr',
        views: {
          challenge: ({ challenge, texts }) =>
            `<p>${texts.confirm}: ${challenge?.destination ?? ''}`,
          message: (page) => Promise.resolve(`<p>${page.code ?? ''} ${page.locale}`),
        },
      },
    },
  })
  const alice = await app.login('alice')
  const page = await alice.page(mount)
  expect([page.status, page.text]).toEqual([200, '<p>Confirmer: ••••67'])
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('cache-control')).toBe('no-store')
  const refused = await app.browser().submit('/transfer')
  expect([refused.status, refused.text]).toEqual([401, '<p>login_required fr'])
})

test('have the same framing, sniffing and caching headers as the default pages', async () => {
  await app.close()
  app = await startTestApp({
    secondFactor: {
      pages: { views: { challenge: () => '<p>own', message: () => Promise.resolve('<p>own') } },
    },
    before: (express) => {
      express.use((req, res, next) => {
        if (req.query['helmet'] === 'on') {
          res.set('Content-Security-Policy', "default-src 'self'; frame-ancestors 'self'")
          res.set('X-Frame-Options', 'SAMEORIGIN')
        }
        next()
      })
    },
  })
  const alice = await app.login('alice')
  const pages = [
    await alice.page(mount),
    await app.browser().submit('/transfer'),
    await alice.ask('/second-factor/verify', { method: 'PUT', headers: { accept: 'text/html' } }),
  ]
  for (const { text, headers } of pages) {
    expect(text).toBe('<p>own')
    expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'")
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  }
  // A policy of the application's own stays, and browsers hold the page to both.
  const { headers } = await alice.page(`${mount}?helmet=on`)
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'self'; frame-ancestors 'self', frame-ancestors 'none'",
  )
  expect(headers.get('x-frame-options')).toBe('DENY')
})

test('may come from an engine that returns no result', async () => {
  const quiet = (_path: string, _locals: object, done: (error?: Error, text?: string) => void) => {
    done(undefined, '<p>rendered')
  }
  app.app.engine('test', quiet as Parameters<typeof app.app.engine>[1])
  const page = await app.browser().submit('/transfer')
  expect([page.status, page.text]).toEqual([401, '<p>rendered'])
})

test('that do not render are application errors', async () => {
  const alice = await app.login('alice')
  broken = true
  expect((await alice.page(mount)).status).toBe(500)
  expect(String(app.faults[0])).toContain('a template that does not render')
  broken = false
  expect((await alice.page(mount)).status).toBe(200)
})
