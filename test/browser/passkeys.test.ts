/** Passkeys in Chromium: real ceremonies, with the virtual authenticators of its debugging protocol. */

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  press,
  type Tab,
} from '../support/chromium.js'
import { setUpApp, type HeldApp } from '../support/held-app.js'
import { addPasskey } from '../support/passkey-app.js'
import { SoftwarePasskey } from '../support/software-passkey.js'
import {
  authenticatorsOf,
  logIn,
  openProfile,
  startWithPasskeys,
  type Authenticators,
} from '../support/passkeys-in-browser.js'

const program = chromiumPath()

describe.runIf(program !== null)('a passkey in a browser', () => {
  let browser: Browser
  let app: HeldApp
  let tab: Tab
  let page: Page
  let keys: Authenticators
  beforeAll(async () => {
    browser = await launchChromium(program ?? '')
  })
  afterAll(() => browser.close())

  async function open(options: Parameters<typeof startWithPasskeys>[0] = {}, init?: string) {
    app = await startWithPasskeys(options)
    tab = await openProfile(browser, app)
    page = tab.page
    if (init !== undefined) await page.addInitScript(init)
    keys = await authenticatorsOf(page)
  }
  afterEach(async () => {
    await page.context().close()
    await app.close()
  })

  const path = () => new URL(page.url()).pathname
  const said = () => page.locator('[data-passkey-says]')
  const button = () => page.getByRole('button', { name: 'Use your passkey' })

  /** Adds one on the page that is shown to somebody who may. */
  async function add(name?: string) {
    await page.goto('/second-factor/factors/passkey')
    if (name !== undefined) await page.getByLabel('Name').fill(name)
    await press(page, 'Create a passkey')
  }

  test('is added, asked for and passes', async () => {
    await open()
    const id = await keys.plug()
    await logIn(page)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Set up a second step')
    await page.getByRole('link', { name: 'Add a passkey' }).click()
    await expectSoundPage(tab)
    await press(page, 'Create a passkey')
    const made = await keys.take(id)
    expect(made).toHaveLength(1)
    await keys.put(id, made)
    // Recovery codes come next, for whoever loses the device.
    expect(path()).toBe('/second-factor/factors/recovery')
    await logIn(page)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Use your passkey')
    await expectSoundPage(tab)
    await press(page, 'Use your passkey')
    expect(path()).toBe('/account')
    await page.goto('/second-factor/factors')
    await expectSoundPage(tab)
    expect(await page.getByRole('main').innerText()).toContain('Last used')
  })

  test('can be one of several, each with a name, and a device creates no second one', async () => {
    await open()
    const laptop = await keys.plug('internal')
    await logIn(page)
    await add('Laptop')
    await page.goto('/second-factor/factors/passkey')
    expect(await page.getByLabel('Name').inputValue()).toBe('Passkey 2')
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await said().getByText('This device already has a passkey').waitFor()
    const [onLaptop] = await keys.take(laptop)
    await keys.unplug(laptop)
    const stick = await keys.plug('usb')
    await page.getByLabel('Name').fill('Key ring')
    await press(page, 'Create a passkey')
    await page.goto('/second-factor/factors')
    const names = await page.locator('.held strong').allInnerTexts()
    expect(names).toEqual(['Laptop', 'Key ring'])
    const [onStick] = await keys.take(stick)
    for (const credential of [onLaptop, onStick]) {
      if (credential === undefined) throw new Error('each holds one')
      await keys.put(stick, [credential])
      await logIn(page)
      await press(page, 'Use your passkey')
      expect(path()).toBe('/account')
      const [used] = await keys.take(stick)
      expect(used?.credentialId).toBe(credential.credentialId)
    }
  })

  test('is asked for again if the prompt was closed, with nothing submitted', async () => {
    await open()
    const id = await keys.plug()
    await logIn(page)
    await add()
    await logIn(page)
    const made = await keys.take(id)
    await button().click()
    await said().getByText('The request was closed or timed out. Try again.').waitFor()
    expect(await said().getAttribute('role')).toBe('alert')
    await expectSoundPage(tab)
    expect((await app.store.read('1'))?.failures).toBe(0)
    await keys.put(id, made)
    await press(page, 'Use your passkey')
    expect(path()).toBe('/account')
  })

  test('is never asked for before the person wants it', async () => {
    await open(
      {},
      `window.prompts = 0
      const { get, create } = CredentialsContainer.prototype
      CredentialsContainer.prototype.get = function (options) {
        window.prompts += 1
        return get.call(this, options)
      }
      CredentialsContainer.prototype.create = function (options) {
        window.prompts += 1
        return create.call(this, options)
      }`,
    )
    await keys.plug()
    await logIn(page)
    await page.goto('/second-factor/factors/passkey')
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate('window.prompts')).toBe(0)
    await press(page, 'Create a passkey')
    await logIn(page)
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate('window.prompts')).toBe(0)
  })

  test('that passed in one tab is not needed again in another', async () => {
    await open()
    const id = await keys.plug()
    await logIn(page)
    await add()
    await logIn(page)
    const other = await page.context().newPage()
    await other.goto('/second-factor/')
    await press(page, 'Use your passkey')
    expect(path()).toBe('/account')
    const others = await authenticatorsOf(other)
    await others.put(await others.plug(), await keys.take(id))
    await press(other, 'Use your passkey')
    const text = await other.getByRole('main').innerText()
    expect(text).not.toContain('didn’t work')
    expect(await other.getByRole('link', { name: 'Continue' }).count()).toBe(1)
  })

  test('leaves nothing to resubmit with Back', async () => {
    await open()
    await keys.plug()
    await logIn(page)
    await add()
    await logIn(page)
    await press(page, 'Use your passkey')
    await page.goBack()
    expect(path()).toBe('/second-factor/')
    expect(await page.locator('input[name="credential"]').count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Continue' }).count()).toBe(1)
  })

  test('that was removed is no longer asked for, and the password manager learns it', async () => {
    await open(
      {},
      `window.told = []
      if ('PublicKeyCredential' in window)
        PublicKeyCredential.signalAllAcceptedCredentials = (accepted) => {
          window.told.push(accepted)
          return Promise.resolve()
        }`,
    )
    const first = await keys.plug('internal')
    await logIn(page)
    await add('Laptop')
    await keys.unplug(first)
    await keys.plug('usb')
    await add('Key ring')
    await page.goto('/second-factor/factors')
    const told =
      'window.told.map(({ allAcceptedCredentialIds }) => allAcceptedCredentialIds.length)'
    expect(await page.evaluate(told)).toEqual([2])
    const remove = page.locator('.held li').first().getByRole('button', { name: 'Remove' })
    await Promise.all([page.waitForEvent('load'), remove.click()])
    expect(path()).toBe('/second-factor/factors')
    expect(await page.locator('.held strong').allInnerTexts()).toEqual(['Key ring'])
    expect(await page.evaluate(told)).toEqual([1])
    expect(await page.evaluate('window.told[0].rpId')).toBe('localhost')
  })

  test('is asked for with a new challenge after the old one expires', async () => {
    await open()
    await keys.plug()
    await logIn(page)
    await add()
    await page.clock.install()
    await logIn(page)
    const challenge = () => page.locator('form[data-passkey]').getAttribute('data-options')
    const before = await challenge()
    app.clock.advance(301)
    await page.clock.fastForward(301_000)
    await press(page, 'Use your passkey')
    expect(path()).toBe('/second-factor/use/passkey')
    expect(await challenge()).not.toBe(before)
    // Nobody was prompted for an answer that would have been refused.
    expect(await page.getByRole('main').innerText()).not.toContain('didn’t work')
    await press(page, 'Use your passkey')
    expect(path()).toBe('/account')
  })

  test('works in browsers without the WebAuthn JSON methods', async () => {
    await open(
      {},
      `if ('PublicKeyCredential' in window) {
        delete PublicKeyCredential.parseRequestOptionsFromJSON
        delete PublicKeyCredential.parseCreationOptionsFromJSON
        delete PublicKeyCredential.prototype.toJSON
      }`,
    )
    await keys.plug()
    await logIn(page)
    await add()
    await logIn(page)
    await press(page, 'Use your passkey')
    expect(path()).toBe('/account')
  })

  test('is not offered if the browser does not support it: the page says so and lists other ways', async () => {
    await open({}, 'delete window.PublicKeyCredential')
    await giveBoth(app)
    await logIn(page)
    await expectStuck(page)
    await expectSoundPage(tab)
  })

  test('is not offered without scripts: the page says so and lists other ways', async () => {
    await open()
    await giveBoth(app)
    const plain = await openProfile(browser, app, { javaScriptEnabled: false })
    await logIn(plain.page)
    await expectStuck(plain.page)
    await plain.page.context().close()
  })
})

/** Gives alice a passkey and an authenticator app. */
async function giveBoth(app: HeldApp): Promise<void> {
  const { browser } = await setUpApp(app)
  await addPasskey(browser, new SoftwarePasskey({ origin: app.url, rpId: 'localhost' }))
}

async function expectStuck(page: Page): Promise<void> {
  const main = page.getByRole('main')
  expect(await main.innerText()).toContain(
    'you need JavaScript and a browser that supports passkeys',
  )
  expect(await page.getByRole('button', { name: 'Use your passkey' }).isVisible()).toBe(false)
  const other = page.getByRole('link', { name: 'Use your authenticator app' })
  expect(await other.isVisible()).toBe(true)
}
