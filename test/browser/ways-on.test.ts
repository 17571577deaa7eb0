/** A real browser continues to another origin after the code and after the logout, as on an OAuth client's page. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { TestApp } from '../support/app.js'
import { chromiumPath, launchChromium, openTab, press, type Tab } from '../support/chromium.js'
import { enterPassword } from '../support/login-page.js'
import { startWithPages } from '../support/pages-in-browser.js'

const program = chromiumPath()

describe.runIf(program !== null)('a redirect to another origin', () => {
  let browser: Browser
  let app: TestApp
  const elsewhere: Server = createServer((req, res) => {
    res.setHeader('content-type', 'text/html')
    res.end(`<title>Elsewhere</title><h1>Elsewhere: ${(req.url ?? '').replace(/[<&]/g, '')}</h1>`)
  })
  // Another host and another port: another origin, and another site.
  const origin = () => `http://localhost:${(elsewhere.address() as AddressInfo).port}`

  beforeAll(async () => {
    ;[browser] = await Promise.all([
      launchChromium(program ?? ''),
      new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve)),
    ])
    app = await startWithPages({
      secondFactor: { logoutPath: '/leave-for-good' },
      routes(server, secondFactor) {
        server.get('/authorize', secondFactor.gate(), (_req, res) => {
          res.redirect(`${origin()}/callback?code=x`)
        })
        server.post('/leave-for-good', (req, res, next) => {
          req.logout((error: unknown) => {
            if (error) next(error)
            else res.redirect(303, `${origin()}/goodbye`)
          })
        })
      },
    })
  })
  afterAll(async () => {
    await browser.close()
    elsewhere.close()
    await app.close()
  })

  describe.each([true, false])('with scripts: %s', (javaScriptEnabled) => {
    async function open(username: string): Promise<Tab> {
      const tab = await openTab(browser, { baseURL: app.url, javaScriptEnabled })
      await tab.page.goto('/authorize')
      await enterPassword(tab.page, username)
      return tab
    }

    test('works after the right code', async () => {
      app.clock.advance(3600)
      const { page, complaints } = await open('alice')
      await page.getByLabel('Code', { exact: true }).fill(app.codeFor('alice'))
      await press(page, 'Confirm')
      expect(page.url()).toBe(`${origin()}/callback?code=x`)
      expect(await page.getByRole('heading').innerText()).toContain('/callback')
      expect(complaints.filter((line) => line.includes('Content Security'))).toEqual([])
    })

    test('works after logging out on the code page', async () => {
      app.clock.advance(3600)
      const { page } = await open('bob')
      await press(page, 'Log in to a different account')
      expect(page.url()).toBe(`${origin()}/goodbye`)
    })
  })
})
