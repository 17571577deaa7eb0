/** The holder of an operator's ticket has time to set up the next factor: there is an app to install first. */

import { expect, test } from 'vitest'

import { consoleSender } from '../../src/index.js'
import { appCode } from '../support/authenticator.js'
import { mount, setUpApp, startHeldApp, type HeldApp, type Person } from '../support/held-app.js'
import { beginApp, confirmApp, giveRecovery, outcomeIn } from '../support/held-deeds.js'

const alice = { id: 1, username: 'alice' }
const why = { actor: 'carol', reason: 'lost phone' }

/** A session that has passed by the code of a reset. */
async function withTicket(app: HeldApp) {
  const ticket = await app.secondFactor.resetFactors(alice, why)
  app.clock.advance(60)
  const browser = await app.login('alice')
  expect(outcomeIn(await giveRecovery(browser, ticket?.code))).toBe('passed')
  return browser
}

test('a setup begun after 25 minutes can be confirmed after 31', async () => {
  await using app = await startHeldApp()
  await setUpApp(app)
  const browser = await withTicket(app)
  app.clock.advance(1_500)
  const { setup, secret } = await beginApp(browser)
  app.clock.advance(360)
  const confirmed = await confirmApp(browser, setup, appCode(secret, app.clock.now))
  expect(outcomeIn(confirmed)).toBe('enrolled')
})

test('a setup begun later needs a new pass', async () => {
  await using app = await startHeldApp()
  await setUpApp(app)
  const browser = await withTicket(app)
  app.clock.advance(1_801)
  const begun = await browser.post(`${mount}/factors/totp`, {})
  expect(outcomeIn(begun)).toBe('second_factor_stale')
})

test('a phone that the application stores was not reset: a pass by it is fresh for five minutes', async () => {
  const sender = consoleSender({ print: () => undefined })
  const phone = () => ({ number: '+4915112345678', verified: true })
  await using app = await startHeldApp({ sender, users: { id: ({ id }: Person) => id, phone } })
  await app.secondFactor.resetFactors(alice, why)
  const browser = await app.login('alice')
  await browser.post(`${mount}/challenge`, { method: 'sms' })
  const passed = await browser.post(`${mount}/verify`, { code: sender.inbox()[0]?.code })
  expect(outcomeIn(passed)).toBe('passed')
  app.clock.advance(301)
  const begun = await browser.post(`${mount}/factors/totp`, {})
  expect(outcomeIn(begun)).toBe('second_factor_stale')
})
