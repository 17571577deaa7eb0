/** The test kit used through a Playwright page in Chromium. */

import { describe, expect, test } from 'vitest'

import { expectClosed, inboxSender, passSecondFactor } from '../../src/testing/index.js'
import { startTestApp } from '../support/app.js'
import { chromiumPath, launchChromium } from '../support/chromium.js'

const program = chromiumPath()

describe.skipIf(program === null)('a Playwright page', () => {
  test('finds closed routes, passes, and ends on the page the person goes to next', async () => {
    const inbox = inboxSender()
    const app = await startTestApp({ sender: inbox })
    await using browser = await launchChromium(program ?? '')
    try {
      const page = await browser.newPage()
      const data = { username: 'alice', password: 'password' }
      await page.request.post(`${app.url}/login`, { data })
      await page.goto(`${app.url}/profile`)
      await expectClosed(page, ['/account', 'POST /transfer'])
      await passSecondFactor(page, { inbox })
      expect(page.url()).toBe(`${app.url}/account`)
      expect(await page.textContent('body')).toContain('"account":"alice"')
      await expect(expectClosed(page, ['/account'])).rejects.toThrow('has already passed')
    } finally {
      await app.close()
    }
  })
})
