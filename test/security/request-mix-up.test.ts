/**
 * The attacker sends requests that overlap with other people's, with a store and a user directory that answer out of
 * order, hoping that one request gets another's verdict. Every response must be about the session that asked.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { memoryStore } from '../../src/index.js'
import { inParallel } from '../../src/testing/contract-fixtures.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { isIn } from '../support/in-or-out.js'
import { shuffled } from '../support/shuffled-store.js'

const crowd = 60

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({ secondFactor: { store: shuffled(memoryStore()) } })
  for (let n = 0; n < crowd; n += 1) {
    const phone = `+1415555${String(2000 + n)}`
    app.users.push({ id: 100 + n, username: `user${String(n)}`, phone, verified: true })
  }
})
afterEach(() => app.close())

test('of 60 people at once, those with the right code are in as themselves and the others are out', async () => {
  const browsers = await inParallel(crowd, (n) => app.login(`user${String(n)}`))
  const answers = await Promise.all(
    browsers.map((browser, n) => {
      const right = app.codeFor(`user${String(n)}`)
      return browser.post('/second-factor/verify', { code: n % 3 === 0 ? wrongCode(right) : right })
    }),
  )
  expect(answers.map(({ status }) => status)).toEqual(
    browsers.map((_, n) => (n % 3 === 0 ? 403 : 200)),
  )
  const accounts = await Promise.all(browsers.map((browser) => browser.get('/account')))
  expect(accounts.map(({ json }) => json['account'])).toEqual(
    browsers.map((_, n) => (n % 3 === 0 ? undefined : `user${String(n)}`)),
  )
})

test('people who are in and out at the same time are never confused', async () => {
  const browsers = await inParallel(crowd / 2, (n) => app.login(`user${String(n)}`))
  for (const [n, browser] of browsers.entries()) {
    if (n % 2 === 0) {
      await browser.post('/second-factor/verify', { code: app.codeFor(`user${String(n)}`) })
    }
  }
  for (let round = 0; round < 3; round += 1) {
    const inside = await Promise.all(browsers.map((browser) => isIn(browser)))
    expect(inside).toEqual(browsers.map((_, n) => n % 2 === 0))
  }
})

test('messages requested at once each go to the right phone with the right code', async () => {
  await inParallel(crowd, (n) => app.login(`user${String(n)}`))
  const messages = app.inbox.inbox()
  expect(new Set(messages.map(({ to }) => to)).size).toBe(crowd)
  expect(messages).toHaveLength(crowd)
})
