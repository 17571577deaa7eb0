/** The small examples: each starts, has a person add a phone at the first login, and asks for a code at the next. */

import { describe, expect, test } from 'vitest'

import { chromiumPath, expectSoundPage, launchChromium, openTab } from '../support/chromium.js'
import { startMinimal } from '../support/minimal-example.js'
import { alice, expectBothFactors, phone } from '../support/minimal-journey.js'

test.each([
  ['express.ts', {}],
  ['express4.cjs', { express: 'express4', passport: 'passport06' }],
])('minimal/%s opens the account only with the password and a code', async (file, packages) => {
  await using example = await startMinimal(file, packages)
  await expectBothFactors(example)
})

const program = chromiumPath()

describe.skipIf(program === null)('minimal/spa', () => {
  test('covers phone, code, account and logout on one page, under its content policy', async () => {
    await using example = await startMinimal('spa/server.ts')
    await using browser = await launchChromium(program ?? '')
    const tab = await openTab(browser, { viewport: { width: 360, height: 480 } })
    const { page } = tab
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
    const code = async () => {
      await page.getByText('ending in ••••67').waitFor()
      await page.getByLabel('Code', { exact: true }).fill(await example.nextCode(phone))
      await press('Continue')
    }
    const logIn = async (password: string) => {
      await page.getByLabel('User name').fill(alice.username)
      await page.getByLabel('Password').fill(password)
      await press('Log in')
    }
    await page.goto(example.url)
    await logIn('guessed')
    await page.getByText('Wrong user name or password.').waitFor()
    await expectSoundPage(tab)
    await logIn(alice.password)
    await page.getByLabel('Phone number').fill('12')
    await press('Text me the code')
    await page.getByText('include the country code').waitFor()
    await page.getByLabel('Phone number').fill(phone)
    await press('Text me the code')
    await page.getByLabel('Code', { exact: true }).fill('1')
    await press('Continue')
    await page.getByText('Check it and try again').waitFor()
    await expectSoundPage(tab)
    await press('Text me the code')
    await page.getByText('We’ve just sent a code').waitFor()
    await code()
    await page.getByText('Hello alice, you’ve passed both factors.').waitFor()
    await press('Log out')
    await page.getByLabel('User name').waitFor()
    const answer = await page.request.get(`${example.url}/api/account`)
    expect(answer.status()).toBe(401)
    await logIn(alice.password)
    await page.getByLabel('Code', { exact: true }).waitFor()
    await code()
    await page.getByText('Hello alice').waitFor()
    await expectSoundPage(tab)
  })
})
