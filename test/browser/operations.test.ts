/** The operators' pages in Chromium: sound at every window size, without a script, and as the guide shows them. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { memoryAudit, memoryCounts, type CountStore } from '../../src/index.js'
import type { TestApp } from '../support/app.js'
import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  press,
  type Tab,
} from '../support/chromium.js'
import { wrongCode } from '../support/codes.js'
import { enterPassword } from '../support/login-page.js'
import { startWithPages } from '../support/pages-in-browser.js'

const program = chromiumPath()

/** The folder for screenshots; none are taken unless `SCREENSHOTS` is set. */
const folder = process.env['SCREENSHOTS']

const bucketLength = 600_000

/** A day of an ordinary application, and an attack in its last hour. */
async function fill(counts: CountStore, now: number): Promise<void> {
  const newest = Math.floor(now / bucketLength)
  const put = (counter: string, bucket: number, units: number) =>
    counts.add([{ counter: `o:${counter}`, bucket, units, keepUntil: bucket + 1_152 }])
  for (let age = 0; age < 144; age += 1) {
    const bucket = newest - age
    const sent = 4 + Math.round(20 * (1 + Math.sin(age / 23)) + (age % 5))
    const attack = age < 5 ? 22 : 0
    const verified = Math.round(sent * 0.85)
    const units: [string, number][] = [
      ...([
        ['sent', sent + attack],
        ['verified', verified],
        ['passed', verified + 7],
      ] as const),
      ...([
        ['wait:10', verified - 3],
        ['wait:30', 3],
        ['wrong', age % 4],
        ['refused', 1 + attack * 2],
      ] as const),
      ...([
        ['s:CM', sent - 4],
        ['v:CM', verified - 3],
        ['s:US', 4],
        ['v:US', 3],
      ] as const),
      ...([
        ['s:EG', attack],
        ['limited', attack * 2],
        ['locked', age % 40 === 3 ? 1 : 0],
      ] as const),
      ...([
        ['rejected', age % 17 === 0 ? 1 : 0],
        ['fault-sender', age === 30 ? 2 : 0],
      ] as const),
    ].map(([name, count]) => [name, count])
    for (const [name, count] of units) if (count > 0) await put(name, bucket, count)
  }
}

/** Has bob guess until he is locked. */
async function lockOut(app: TestApp): Promise<void> {
  for (let challenge = 0; challenge < 2; challenge += 1) {
    const browser = await app.login('bob')
    for (let guess = 0; guess < 5; guess += 1) {
      await browser.post('/second-factor/verify', { code: wrongCode(app.codeFor('bob')) })
    }
    app.clock.advance(60)
  }
}

const windows: readonly (readonly [string, BrowserContextOptions])[] = [
  ['320 pixels wide', { viewport: { width: 320, height: 568 } }],
  ['320 pixels wide, in the dark', { viewport: { width: 320, height: 568 }, colorScheme: 'dark' }],
  ['768 pixels wide, in the light', { viewport: { width: 768, height: 800 } }],
  [
    '1,280 pixels wide, in the dark',
    { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  ],
]

describe.runIf(program !== null)('the operators’ pages', () => {
  let browser: Browser
  let app: TestApp
  beforeAll(async () => {
    const counts = memoryCounts()
    ;[browser, app] = await Promise.all([
      launchChromium(program ?? ''),
      startWithPages({
        secondFactor: {
          appName: 'Pennywort',
          operations: { counts },
          audit: memoryAudit(),
          limits: { counts, rules: { country: { only: { EG: { perDay: 110 } } } } },
        },
        routes(server, secondFactor) {
          const authorize = ({ user }: { readonly user?: Express.User | undefined }) =>
            user?.username === 'alice'
          server.use('/ops', secondFactor.operationsRouter({ authorize, actor: () => 'olga' }))
        },
      }),
    ])
    await lockOut(app)
    await fill(counts, app.clock.now)
  })
  afterAll(() => Promise.all([browser.close(), app.close()]))

  /** A tab in which the operator has passed, with a second factor of just now. */
  async function openOperator(options: BrowserContextOptions): Promise<Tab> {
    const tab = await openTab(browser, { baseURL: app.url, ...options })
    await enterPassword(tab.page, 'alice')
    await tab.page.getByLabel('Code', { exact: true }).fill(app.codeFor('alice'))
    await press(tab.page, 'Confirm')
    return tab
  }

  test.each(windows)(
    'are sound and need no script: %s',
    async (window, options) => {
      app.clock.advance(120)
      const tab = await openOperator(options)
      const { page } = tab
      const visit = async (path: string, name: string) => {
        await page.goto(path)
        await expectSoundPage(tab)
        const isShown = name === 'operations' || name === 'operations-person'
        if (folder === undefined || !isShown || !window.startsWith('768')) return
        mkdirSync(folder, { recursive: true })
        await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
      }
      await visit('/ops/?still', 'operations')
      await page.getByText('Numbers').first().click()
      await expectSoundPage(tab)
      await visit('/ops/?still&span=week', 'operations-week')
      await visit('/ops/users/2', 'operations-person')
      await visit('/ops/users/2/unlock', 'operations-unlock')
      await visit('/ops/users/%20', 'operations-nobody')
      await page.context().close()
    },
    90_000,
  )

  test('lead from the summary to the person, and out of a lock', async () => {
    app.clock.advance(120)
    const tab = await openOperator({ viewport: { width: 768, height: 800 } })
    const { page } = tab
    await page.goto('/ops/')
    await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toMatch(/need you/)
    await page.getByLabel('User id').fill('2')
    await press(page, 'Look up')
    expect(new URL(page.url()).pathname).toBe('/ops/users/2')
    await page.getByRole('link', { name: 'Unlock…' }).click()
    await page.getByLabel('Reason').waitFor()
    expect(new URL(page.url()).pathname).toBe('/ops/users/2/unlock')
    await page.getByLabel('Reason').fill('ticket 4711')
    await press(page, 'Unlock')
    await expectSoundPage(tab)
    expect(await page.getByRole('status').textContent()).toContain('Unlocked.')
    expect(await page.getByText('olga').count()).toBeGreaterThan(0)
  })
})
