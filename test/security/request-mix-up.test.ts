/**
 * The attacker sends requests that overlap with other people's, at a store and a user directory that answer
 * out of order, hoping that one request is answered with another's verdict. Every answer must be about the
 * session that asked.
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

test('60 people at once: who has the right code is in as themselves, who has not is out', async () => {
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

test('people in and people out who ask at once are told apart each time', async () => {
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

test('messages asked for at once go each to their own phone, with their own code', async () => {
  await inParallel(crowd, (n) => app.login(`user${String(n)}`))
  const messages = app.inbox.inbox()
  expect(new Set(messages.map(({ to }) => to)).size).toBe(crowd)
  expect(messages).toHaveLength(crowd)
})
