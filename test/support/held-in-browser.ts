/** An application with held factors in a real browser, and a camera that reads QR codes from its pages. */

import { createRequire } from 'node:module'

import type { Browser, Page } from 'playwright-core'

import type { SecondFactorOptions } from '../../src/index.js'
import { press } from './chromium.js'
import { startHeldApp, type HeldApp, type Person } from './held-app.js'
import { addLoginPage, addLogout, logoutPath } from './login-page.js'

/** Starts it with a login page, and a way to log out. */
export function startHeldPages(
  options: Partial<SecondFactorOptions<Person>> = {},
): Promise<HeldApp> {
  return startHeldApp({ logoutPath, ...options }, { before: addLoginPage, routes: addLogout })
}

/** Types a code of six digits as a person does, and waits for the page that comes after. */
export async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code)
  // With scripts the last digit may have sent it already.
  await press(page, 'Confirm')
}

/** The text that a camera reads in a picture of the page, or an empty one. Its decoder knows nothing of ours. */
export async function readCode(browser: Browser, picture: Buffer): Promise<string> {
  const context = await browser.newContext()
  const lab = await context.newPage()
  try {
    await lab.addScriptTag({ path: createRequire(import.meta.url).resolve('jsqr') })
    const url = `data:image/png;base64,${picture.toString('base64')}`
    return await lab.evaluate<string>(`(async () => {
      const image = new Image()
      image.src = ${JSON.stringify(url)}
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.width
      canvas.height = image.height
      const paper = canvas.getContext('2d')
      paper.drawImage(image, 0, 0)
      const { data } = paper.getImageData(0, 0, image.width, image.height)
      return jsQR(data, image.width, image.height)?.data ?? ''
    })()`)
  } finally {
    await context.close()
  }
}
