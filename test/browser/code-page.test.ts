/** The code page in a real browser with scripts: countdowns, typing, pasting, submitting once. */

import type { Browser, Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { consoleSender, type ChallengePage, type View } from '../../src/index.js'
import type { TestApp, TestAppOptions } from '../support/app.js'
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
import { openLoggedIn, passTime, startWithPages } from '../support/pages-in-browser.js'

const program = chromiumPath()

describe.runIf(program !== null)('the code page', () => {
  let browser: Browser
  let app: TestApp
  let tab: Tab
  let page: Page
  beforeAll(async () => {
    browser = await launchChromium(program ?? '')
  })
  afterAll(() => browser.close())

  async function open(options: TestAppOptions = {}, context = {}, username = 'alice') {
    app = await startWithPages(options)
    tab = await openLoggedIn(browser, app, username, context)
    page = tab.page
  }
  afterEach(async () => {
    await page.context().close()
    await app.close()
  })

  const code = () => page.getByLabel('Code', { exact: true })
  const again = () => page.getByRole('button', { name: 'Send the code again' })
  const said = () => page.locator('.announcer').innerText()
  /** The visible text of an element. */
  const shown = (text: string) => page.getByText(text).isVisible()

  describe('of a login', () => {
    beforeEach(() => open())

    test('has the cursor in the code field, and no axe-core violation', async () => {
      await page.locator('#code:focus').waitFor()
      await expectSoundPage(tab)
      await page.emulateMedia({ colorScheme: 'dark' })
      await expectSoundPage(tab)
    })

    test('counts down to the next message and then offers it, without layout shifts', async () => {
      expect(await again().isDisabled()).toBe(true)
      expect(await shown('You can request another code in 30 seconds.')).toBe(true)
      const places = async () =>
        Promise.all((await page.locator('main *').all()).map((each) => each.boundingBox()))
      await passTime(app, page, 29)
      expect(await shown('You can request another code in 1 second.')).toBe(true)
      const before = await places()
      expect(await again().isDisabled()).toBe(true)
      await passTime(app, page, 1)
      expect(await again().isEnabled()).toBe(true)
      expect(await shown('You can request another code in')).toBe(false)
      expect(await said()).toBe('You can request it now.')
      const after = await places()
      // The text that is counted down is a few letters shorter or longer; its place is the same.
      expect(after.map((box) => box?.y)).toEqual(before.map((box) => box?.y))
      await expectSoundPage(tab)
      await press(page, 'Send the code again')
      expect(await page.getByRole('status').first().innerText()).toBe(
        'We sent you the same code again.',
      )
      expect(await shown('You can request another code in 60 seconds.')).toBe(true)
    })

    test('says when the code has expired, and keeps the field for a code typed within the grace', async () => {
      await passTime(app, page, 299)
      expect(await shown('It expires in 1 second.')).toBe(true)
      await passTime(app, page, 1)
      expect(await shown('It expires in')).toBe(false)
      expect(await said()).toBe('That code has expired. Request a new one.')
      await expectSoundPage(tab)
      await code().fill(app.codeFor('alice'))
      await press(page, 'Confirm')
      expect(new URL(page.url()).pathname).toBe('/account')
    })

    test('accepts a code pasted with a space in it', async () => {
      const right = app.codeFor('alice')
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.evaluate(`navigator.clipboard.writeText('${right.slice(0, 3)} ${right.slice(3)}')`)
      await code().focus()
      await page.keyboard.press('Control+V')
      expect(await code().inputValue()).toBe(`${right.slice(0, 3)} ${right.slice(3)}`)
      await press(page, 'Confirm')
      expect(new URL(page.url()).pathname).toBe('/account')
    })

    test('accepts digits from an Arabic or Hindi keyboard', async () => {
      const right = app.codeFor('alice')
      const typed = (digit: string, at: number) => (at % 2 === 0 ? 0x660 : 0x966) + Number(digit)
      await code().pressSequentially(
        right.replace(/./g, (digit, at: number) => String.fromCodePoint(typed(digit, at))),
      )
      expect(await code().inputValue()).toBe(right)
      await press(page, 'Confirm')
      expect(new URL(page.url()).pathname).toBe('/account')
    })

    test('shows digits of every script in the page’s own, and leaves the cursor where it was', async () => {
      await code().pressSequentially('12')
      await page.keyboard.press('ArrowLeft')
      // Mathematical, full-width, Thai and Adlam: some take two units of UTF-16.
      await page.keyboard.insertText('𝟗８๗𞥖')
      await page.keyboard.type('5')
      expect(await code().inputValue()).toBe('1987652')
    })

    test('does not submit half a code, and the cursor stays in the field', async () => {
      await code().pressSequentially('12345')
      await page.getByRole('button', { name: 'Confirm' }).click()
      expect(await page.evaluate("document.querySelector('#code').validity.patternMismatch")).toBe(
        true,
      )
      expect(app.events.filter(({ type }) => type === 'verify_refused')).toEqual([])
      await page.keyboard.press('Home')
      await page.keyboard.type('0')
      await page.keyboard.type('9')
      expect(await code().inputValue()).toBe('0912345')
    })

    test('reports a wrong code in the title and next to the field, with focus on the reason', async () => {
      await code().fill(wrongCode(app.codeFor('alice')))
      await press(page, 'Confirm')
      const alert = 'That code isn’t right. Check it and try again. You have 4 tries left.'
      expect(await page.getByRole('alert').innerText()).toBe(alert)
      await page.locator('#alert:focus').waitFor()
      expect(await page.title()).toBe('Error: Confirm it’s you · Shop')
      expect(await code().getAttribute('aria-invalid')).toBe('true')
      // A screen reader begins with the reason when it describes the field.
      const [first = ''] = (await code().getAttribute('aria-describedby'))?.split(' ') ?? []
      expect(await page.locator(`#${first}`).innerText()).toBe(alert)
      await expectSoundPage(tab)
      // Nobody has to find the field: what is typed goes there.
      await page.keyboard.type('12')
      expect(await code().inputValue()).toBe('12')
    })

    test('submits once, however often the button is pressed', async () => {
      const sent: Request[] = []
      page.on('request', (request) => {
        if (request.method() === 'POST') sent.push(request)
      })
      // The network is slow: the answer waits until the person has pressed three times.
      let letGo: () => void = () => undefined
      const pressed = new Promise<void>((resolve) => (letGo = resolve))
      await page.route('**/verify', async (route) => {
        await pressed
        await route.continue()
      })
      await code().fill(wrongCode(app.codeFor('alice')))
      const box = await page.getByRole('button', { name: 'Confirm' }).boundingBox()
      for (let times = 1; times <= 3; times += 1) {
        await page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + 20)
      }
      letGo()
      await page.getByRole('alert').waitFor()
      expect(sent).toHaveLength(1)
      expect(await page.getByRole('alert').innerText()).toContain('You have 4 tries left.')
    })

    test('can be submitted again after Back', async () => {
      await code().fill(app.codeFor('alice'))
      await press(page, 'Confirm')
      await page.goBack()
      // Back is a new look at where the session stands, not an old page.
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('You’re verified')
      expect(await page.getByRole('link', { name: 'Continue' }).getAttribute('href')).toBe(
        '/account',
      )
      await expectSoundPage(tab)
    })

    test('leads to another account', async () => {
      await press(page, 'Log in to a different account')
      expect(new URL(page.url()).pathname).toBe('/login')
      await page.goto('/second-factor/')
      expect(new URL(page.url()).pathname).toBe('/login')
    })

    test('in two tabs shares one session: an action in one shows in the other', async () => {
      const other = await page.context().newPage()
      await other.goto('/second-factor/')
      await other.getByLabel('Code', { exact: true }).fill(app.codeFor('alice'))
      await press(other, 'Confirm')
      await code().fill(app.codeFor('alice'))
      await press(page, 'Confirm')
      expect(new URL(page.url()).pathname).toBe('/account')
    })
  })

  test('shows the end of a lock in the person’s time zone and local format', async () => {
    const policy = { lockAfterFailures: 2 }
    await open({ secondFactor: { policy } }, { timezoneId: 'Asia/Kathmandu', locale: 'en-GB' })
    for (let failures = 1; failures <= 2; failures += 1) {
      await code().fill(wrongCode(app.codeFor('alice')))
      await press(page, 'Confirm')
    }
    await page.goto('/second-factor/')
    expect(await page.getByRole('alert').innerText()).toMatch(
      // 00:30 in UTC
      /you can’t enter a code until 1 Jan 2026, 06:15 \(in 30 minutes\)\. If it wasn’t you, change your password\.$/,
    )
    expect(await page.locator('form').count()).toBe(2)
    await expectSoundPage(tab)
  })

  test('submits itself with the last digit if the application opts in', async () => {
    await open({ secondFactor: { pages: { submitOnLastDigit: true } } })
    await Promise.all([
      page.waitForURL('**/account'),
      code().pressSequentially(app.codeFor('alice')),
    ])
  })

  test('does not submit a whole pasted message by itself, but accepts it with all its characters', async () => {
    await open({
      secondFactor: {
        pages: { submitOnLastDigit: true },
        message: { autofillHost: 'shop.example' },
      },
    })
    const message = app.inbox.inbox('+237671234567')[0]?.text ?? ''
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.evaluate(
      `navigator.clipboard.writeText(${JSON.stringify(`\u202A${message}\u202C`)})`,
    )
    await code().focus()
    await page.keyboard.press('Control+V')
    await press(page, 'Confirm')
    expect(new URL(page.url()).pathname).toBe('/account')
  })

  test.each([
    ['a code behind a prefix', (right: string) => `G-${right}`],
    [
      'a code in Hindi digits',
      (right: string) => right.replace(/\d/g, (d) => '०१२३४५६७८९'.charAt(Number(d))),
    ],
    [
      'a code between marks',
      (right: string) => `\u2066${right.slice(0, 3)}\u00A0–\u00A0${right.slice(3)}\u2069`,
    ],
    [
      'the whole message',
      (right: string) => `${right} is your code. It expires in 5 min. Don't share it.`,
    ],
  ])('takes %s without scripts', async (_what, spell) => {
    await open({}, { javaScriptEnabled: false })
    await code().focus()
    await page.keyboard.insertText(spell(app.codeFor('alice')))
    await press(page, 'Confirm')
    expect(new URL(page.url()).pathname).toBe('/account')
  })

  test('blocks half a code without scripts', async () => {
    await open({}, { javaScriptEnabled: false })
    await code().focus()
    await page.keyboard.insertText('१२३४५')
    await page.getByRole('button', { name: 'Confirm' }).click()
    expect(app.events.filter(({ type }) => type === 'verify_refused')).toEqual([])
    expect(new URL(page.url()).pathname).not.toBe('/account')
    expect(await code().inputValue()).toBe('१२३४५')
  })

  test('fills in the code that the phone reads from the message', async () => {
    app = await startWithPages()
    tab = await openTab(browser, { baseURL: app.url })
    page = tab.page
    // No headless browser has a phone: this is what WebOTP looks like to a page.
    await page.addInitScript(`
      window.OTPCredential = class {}
      navigator.credentials.get = (wanted) => new Promise((resolve, reject) => {
        window.wanted = wanted.otp.transport
        window.arrive = (code) => resolve({ type: 'otp', code })
        wanted.signal.addEventListener('abort', () => { window.aborted = true; reject(wanted.signal.reason) })
      })`)
    await enterPassword(page, 'alice')
    expect(await page.evaluate('window.wanted')).toEqual(['sms'])
    await page.evaluate(`window.arrive('${app.codeFor('alice')}')`)
    await page.waitForFunction("document.querySelector('#code').value !== ''")
    expect(await code().inputValue()).toBe(app.codeFor('alice'))
    await press(page, 'Confirm')
    expect(new URL(page.url()).pathname).toBe('/account')
    expect(tab.complaints).toEqual([])
  })

  test('has a script that an application’s own page can use without setting its language', async () => {
    const challenge: View<ChallengePage> = ({ script }) =>
      `<!doctype html><title>Code</title><main><p class="either"><b data-left="30"></b> <i>Over</i>
        <script type="module" src="${script}"></script></main>`
    await open({ secondFactor: { pages: { views: { challenge } } } }, { locale: 'en-GB' })
    expect(await page.locator('b').innerText()).toBe('30 seconds')
    expect(tab.complaints).toEqual([])
  })

  test('offers the channels that the person may choose', async () => {
    const inbox = consoleSender({ print: () => undefined })
    await open({ secondFactor: { sender: [inbox, { ...inbox, channel: 'call' }] } })
    await expectSoundPage(tab)
    await passTime(app, page, 30)
    await press(page, 'Call me instead')
    expect(await page.locator('#hint').innerText()).toMatch(
      /^We’re calling the number ending in 67/,
    )
    expect(await page.getByRole('button', { name: 'Text me instead' }).count()).toBe(1)
    await expectSoundPage(tab)
  })

  test('works right to left, enlarged and in every language', async () => {
    app = await startWithPages()
    for (const locale of ['en', 'fr', 'es', 'de', 'pt', 'hi', 'ar']) {
      app.clock.advance(3600)
      tab = await openTab(browser, {
        ...{ baseURL: app.url, locale, viewport: { width: 320, height: 640 } },
      })
      page = tab.page
      await enterPassword(page, 'alice')
      expect(await page.locator('html').getAttribute('lang')).toBe(locale)
      await expectSoundPage(tab)
      if (locale !== 'ar') await page.context().close()
    }
    const [label, brand] = await Promise.all([
      page.locator('label').boundingBox(),
      page.evaluate("getComputedStyle(document.querySelector('.brand')).direction"),
    ])
    expect(brand).toBe('rtl')
    expect(label?.x).toBeGreaterThan(0)
  })
})
