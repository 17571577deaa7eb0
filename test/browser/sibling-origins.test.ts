/** A single-page application on another origin signs in through the JSON endpoints, in a real browser. */

import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { RequestHandler } from 'express'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { chromiumPath, launchChromium, openTab } from '../support/chromium.js'

const program = chromiumPath()

/** Does the same as a CORS middleware such as `cors({ origin, credentials: true })` does. */
function cors(isAllowed: (origin: string) => boolean): RequestHandler {
  return (req, res, next) => {
    const origin = req.get('origin')
    if (origin !== undefined && isAllowed(origin)) {
      res.vary('Origin')
      res.set('Access-Control-Allow-Origin', origin)
      res.set('Access-Control-Allow-Credentials', 'true')
      if (req.method === 'OPTIONS') {
        res.set('Access-Control-Allow-Headers', 'content-type')
        res.set('Access-Control-Allow-Methods', 'GET,POST,DELETE')
        res.sendStatus(204)
        return
      }
    }
    next()
  }
}

describe.runIf(program !== null)('a single-page application', () => {
  let browser: Browser
  let app: TestApp
  /** Serves the application's one page; what is below /api it hands on, as the server of Vite does. */
  const site: Server = createServer((req, res) => {
    const { url = '/', method, headers } = req
    if (!url.startsWith('/api/')) {
      res.setHeader('content-type', 'text/html')
      res.end('<!doctype html><title>App</title>')
      return
    }
    const target = new URL(app.url)
    const options = { hostname: target.hostname, port: target.port, path: url.slice(4), method }
    const onward = request({ ...options, headers: { ...headers, host: target.host } }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    req.pipe(onward)
  })
  const port = () => (site.address() as AddressInfo).port
  let api: string

  beforeAll(async () => {
    ;[browser] = await Promise.all([
      launchChromium(program ?? ''),
      new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve)),
    ])
    const listed = [
      `http://127.0.0.1:${port()}`,
      `http://app.shop.localhost:${port()}`,
      // This one is listed for its own site alone.
      `http://blog.other.localhost:${port()}`,
    ]
    app = await startTestApp({
      secondFactor: { origins: listed },
      before(server) {
        // CORS lets more in than `origins` does: it is the second factor that refuses the others.
        server.use(cors(() => true))
      },
    })
    api = new URL(app.url).port
  })
  afterAll(async () => {
    await browser.close()
    site.close()
    await app.close()
  })

  async function open(origin: string): Promise<Page> {
    app.clock.advance(3600)
    const { page } = await openTab(browser)
    await page.goto(origin)
    return page
  }

  /** Sends JSON by a script of the page, with cookies. */
  const send = (page: Page, url: string, body?: object) =>
    page.evaluate(
      async ([to, json]) => {
        const answer = await fetch(to, {
          method: json === null ? 'GET' : 'POST',
          credentials: 'include',
          headers: { accept: 'application/json', 'content-type': 'application/json' },
          ...(json === null ? {} : { body: json }),
        })
        return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
      },
      [url, body === undefined ? null : JSON.stringify(body)] as const,
    )

  async function signIn(page: Page, base: string): Promise<void> {
    const password = { username: 'alice', password: 'password' }
    expect(await send(page, `${base}/login`, password)).toMatchObject({ status: 200 })
    expect((await send(page, `${base}/account`)).json).toMatchObject({
      code: 'second_factor_required',
    })
    const code = app.codeFor('alice')
    expect((await send(page, `${base}/second-factor/verify`, { code })).json).toMatchObject({
      status: 'passed',
    })
    expect((await send(page, `${base}/account`)).json).toMatchObject({ account: 'alice' })
    expect(await send(page, `${base}/transfer`, {})).toMatchObject({ status: 200 })
  }

  test('behind the proxy of its development server', async () => {
    const page = await open(`http://127.0.0.1:${port()}`)
    await signIn(page, `http://127.0.0.1:${port()}/api`)
  })

  test('on another port, as a development server without a proxy', async () => {
    const page = await open(`http://127.0.0.1:${port()}`)
    await signIn(page, `http://127.0.0.1:${api}`)
  })

  test('on app., with the server on api.', async () => {
    const page = await open(`http://app.shop.localhost:${port()}`)
    await signIn(page, `http://api.shop.localhost:${api}`)
  })

  test.each([
    ['on a sibling host that is not listed', 'blog.shop.localhost'],
    ['of another site, though it is listed', 'blog.other.localhost'],
  ])('%s is refused', async (_what, host) => {
    const page = await open(`http://${host}:${port()}`)
    const messages = app.inbox.inbox().length
    const to = `http://api.shop.localhost:${api}/second-factor`
    for (const path of ['verify', 'challenge']) {
      const answer = await send(page, `${to}/${path}`, { code: '123456' })
      expect(answer).toMatchObject({ status: 403, json: { code: 'cross_site_request' } })
    }
    expect(app.inbox.inbox()).toHaveLength(messages)
  })

  test('on a listed origin cannot submit a form', async () => {
    const page = await open(`http://app.shop.localhost:${port()}`)
    const action = `http://api.shop.localhost:${api}/second-factor/challenge`
    await page.setContent(`<form method="post" action="${action}"><button>Go</button></form>`)
    const [answer] = await Promise.all([
      page.waitForResponse(action),
      page.getByRole('button').click(),
    ])
    expect(answer.status()).toBe(403)
  })
})
