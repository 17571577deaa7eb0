/**
 * The person has the second-factor page open twice, or logs in in two tabs of one browser. Whichever tab is used,
 * there is one code, one message and one budget, and in the end both tabs are in.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { inParallel } from '../../src/testing/contract-fixtures.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { isIn, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

test('both tabs ask and submit: one message, one success, no failure', async () => {
  const browser = await app.login('alice')
  app.clock.advance(30)
  await inParallel(2, () => browser.submit('/second-factor/challenge'))
  expect(app.inbox.inbox()).toHaveLength(2)
  const code = app.codeFor('alice')
  expect((await verify(browser, code)).status).toBe(200)
  expect((await verify(browser, code)).status).toBe(200)
  expect(await isIn(browser)).toBe(true)
  const { grants, failures } = await rowOf(app.store, '1')
  expect([grants.length, failures]).toEqual([1, 0])
})

test('wrong codes in both tabs share the budget', async () => {
  const browser = await app.login('alice')
  const wrong = wrongCode(app.codeFor('alice'))
  const answers = await inParallel(8, () => verify(browser, wrong))
  const codes = answers.map(({ json }) => String(json['code']))
  expect(codes.filter((code) => code === 'code_incorrect')).toHaveLength(5)
})

test('logging in as somebody else in one tab moves the other tab to that user, who has not passed', async () => {
  const browser = await app.login('alice')
  await verify(browser, app.codeFor('alice'))
  await browser.post('/login', { username: 'bob', password: 'password' })
  expect(await isIn(browser)).toBe(false)
  expect((await verify(browser, app.codeFor('alice'))).json['code']).toBe('code_incorrect')
  expect((await verify(browser, app.codeFor('bob'))).status).toBe(200)
  expect((await browser.get('/account')).json['account']).toBe('bob')
})

test('a tab left on a gated page does not lose what the other tab has asked for', async () => {
  const browser = await app.login('alice')
  await browser.page('/account?left=open')
  app.clock.advance(30)
  await browser.submit('/second-factor/challenge')
  await browser.page('/account?left=open')
  const passed = await browser.submit('/second-factor/verify', { code: app.codeFor('alice') })
  expect(passed.headers.get('location')).toBe('/account?left=open')
})

/** The page for the code as a tab shows it, and where that says it leads. */
async function shownIn(browser: Browser, stoppedAt: string): Promise<string> {
  await browser.page(stoppedAt)
  const { text } = await browser.page('/second-factor/')
  return /name="returnTo" value="([^"]*)"/.exec(text)?.[1] ?? ''
}

test('two tabs stopped at two pages each go on to their own, whichever submits the code', async () => {
  const browser = await app.login('alice')
  const first = await shownIn(browser, '/account?tab=1')
  const second = await shownIn(browser, '/account?tab=2')
  const wrong = wrongCode(app.codeFor('alice'))
  await browser.submit('/second-factor/verify', { code: wrong, returnTo: first })
  expect((await browser.page('/second-factor/')).text).toContain('value="/account?tab=1"')
  const code = app.codeFor('alice')
  const passed = await browser.submit('/second-factor/verify', { code, returnTo: first })
  expect(passed.headers.get('location')).toBe('/account?tab=1')
  const again = await browser.submit('/second-factor/verify', { code, returnTo: second })
  expect(again.headers.get('location')).toBe('/account?tab=2')
})

test('a form cannot lead to a page where the gate stopped nobody', async () => {
  const browser = await app.login('alice')
  await browser.page('/account?tab=1')
  for (const returnTo of ['//evil.example', 'https://evil.example', '/logout', '/account?tab=3']) {
    const code = app.codeFor('alice')
    const passed = await browser.submit('/second-factor/verify', { code, returnTo })
    expect(passed.headers.get('location')).toBe('/account?tab=1')
  }
})
