/** A page on another site makes the browser of somebody who has passed send a form here. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { chromiumPath, launchChromium, openTab, press, type Tab } from '../support/chromium.js'
import {
  inboxOf,
  newDatabase,
  passwords,
  phones,
  startExample,
  type Example,
} from '../support/example.js'
import { until } from '../support/until.js'

const program = chromiumPath()

describe.runIf(program !== null)('a page of another site', () => {
  let browser: Browser
  let example: Example
  let tab: Tab
  const site: Server = createServer((req, res) => {
    const { searchParams } = new URL(req.url ?? '/', 'http://x')
    const action = searchParams.get('action')
    res.setHeader('content-type', 'text/html')
    if (action === null) res.end(`<iframe src="${searchParams.get('frame') ?? ''}"></iframe>`)
    else
      res.end(`<form method="post" action="${action}"><input name="to" value="mallory" />
      <input name="amount" value="100" /><input name="phone" value="+33612345678" />
      <button>Win a prize</button></form>`)
  })
  const port = () => (site.address() as AddressInfo).port

  beforeAll(async () => {
    ;[browser, example] = await Promise.all([
      launchChromium(program ?? ''),
      startExample({ DATABASE_URL: newDatabase() }),
      new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve)),
    ])
    tab = await openTab(browser, { baseURL: example.url })
    const { page } = tab
    await page.goto('/login')
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password').fill(passwords.alice)
    await press(page, 'Log in')
    await page.getByLabel('Code', { exact: true }).fill(await example.codeFor(phones.alice))
    await press(page, 'Confirm')
    await example.advance(60)
  })
  afterAll(async () => {
    await browser.close()
    site.close()
  })

  describe.each([
    ['on another host', '127.0.0.1'],
    // To this one the browser sends the cookie, whatever its SameSite says.
    ['on another port of the same host', 'localhost'],
  ])('%s', (_where, host) => {
    test.each([
      '/transfer',
      '/second-factor/phone',
      '/second-factor/challenge',
      '/login',
      '/logout',
    ])('has its form to %s refused, and nothing happens', async (path) => {
      const { page } = tab
      const messages = await inboxOf(example.url, phones.alice)
      const action = encodeURIComponent(example.url + path)
      await page.goto(`http://${host}:${port()}/?action=${action}`)
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.url() === example.url + path),
        press(page, 'Win a prize'),
      ])
      expect(answer.status()).toBe(403)
      expect(await page.getByRole('alert').innerText()).toContain('came from another website')
      await page.goto('/account')
      expect(await page.getByRole('main').innerText()).toContain('Hello alice')
      expect(await inboxOf(example.url, phones.alice)).toEqual(messages)
      expect(await inboxOf(example.url, '+33612345678')).toEqual([])
    })

    test.each(['/', '/account', '/second-factor/'])('cannot show %s in a frame', async (path) => {
      const { page } = tab
      const frame = encodeURIComponent(example.url + path)
      await page.goto(`http://${host}:${port()}/?frame=${frame}`)
      const shown = () => page.frames()[1]?.url() ?? ''
      await until(() => Promise.resolve(shown() !== ''))
      expect(shown()).toBe('chrome-error://chromewebdata/')
    })
  })
})
