/** `GET {mount}/phone`: the page for a first phone, and for another in the place of a verified one. */

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { CodeSender } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { tagsOf, textOf } from '../support/html.js'
import { expectProblem, expectRefusalPage } from '../support/problem.js'

const phone = '/second-factor/phone'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({ secondFactor: { phone: { defaultCountry: 'CM' } } })
})
afterEach(() => app.close())

test('asks somebody without a phone for the first', async () => {
  const page = await (await app.login('carol')).page(phone)
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(textOf(page.text)).toContain('When you log in, a code is sent to this number.')
  expect(textOf(page.text)).toContain('For example +237 6 71 23 45 67')
  expect(textOf(page.text)).toContain('An app or a security key is safer')
})

test('takes a fresh code where a phone is verified, and is there after it', async () => {
  const alice = await app.login('alice')
  const closed = await alice.page(phone)
  expect([closed.status, closed.headers.get('location')]).toEqual([303, '/second-factor/'])
  const passed = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  expect(passed.headers.get('location')).toBe(phone)
  const page = await alice.page(phone)
  expect(textOf(page.text)).toContain(
    'Your number is ••••67 . When you change it, every other session has to confirm again with a code. ' +
      'The old number gets a message that it was replaced.',
  )
  app.clock.advance(301)
  expect((await alice.page(phone)).status).toBe(303)
  const again = await alice.page('/second-factor/')
  expect(again.text).toContain('Confirm again that it is you: this needs a fresh code.')
})

test('shows a refused phone again, as it was typed', async () => {
  const carol = await app.login('carol')
  const typedAfter = async (input: string) => {
    const refused = await carol.submit(phone, { phone: input })
    expectRefusalPage(refused, 'destination_invalid', /cannot receive a code/)
    return tagsOf(refused.text, 'input').map((input) => input['value'])
  }
  expect(await typedAfter('+33 6 12 34')).toEqual(['+33 6 12 34'])
  expect(await typedAfter('O6 12 34 56 78')).toEqual(['O6 12 34 56 78'])
  expect(await typedAfter('my number')).toEqual([''])
  await app.close()
  app = await startTestApp({ secondFactor: { phone: { allowedCountries: ['CM'] } } })
  const refused = await (await app.login('carol')).submit(phone, { phone: '0033612345678' })
  expectRefusalPage(refused, 'destination_blocked', /cannot be sent to that/)
  expect(tagsOf(refused.text, 'input')[0]).toMatchObject({ 'aria-invalid': 'true' })
})

test('is behind whoever has changed the phone', async () => {
  const alice = await app.login('alice')
  await alice.page(phone)
  await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  app.clock.advance(30)
  await alice.submit(phone, { phone: '+33612345678' })
  const code = app.inbox.inbox('+33612345678')[0]?.code ?? ''
  const changed = await alice.submit(`${phone}/verify`, { code })
  expect([changed.status, changed.headers.get('location')]).toEqual([303, '/account'])
  expect((await alice.page('/second-factor/')).text).toContain('href="/account"')
})

test('promises the old phone no message that nobody would send', async () => {
  const told = 'The old number gets a message'
  const unverified = await (await app.login('erin')).page(phone)
  expect(textOf(unverified.text)).toContain('Your number is ••••23 .')
  expect(textOf(unverified.text)).not.toContain(told)
  await app.close()
  let code = ''
  const sender: CodeSender = {
    channel: 'sms',
    send(message) {
      code = message.code.reveal()
      return Promise.resolve({ status: 'sent' })
    },
  }
  app = await startTestApp({ sender })
  const alice = await app.login('alice')
  await alice.post('/second-factor/verify', { code })
  const page = await alice.page(phone)
  expect(textOf(page.text)).toContain('Your number is ••••67 .')
  expect(textOf(page.text)).not.toContain(told)
})

test('calls a phone wrong only where it is', async () => {
  const carol = await app.login('carol')
  const stopped = await carol.submit('/transfer')
  expectRefusalPage(stopped, 'second_factor_required', /with a code first/)
  const [input] = tagsOf(stopped.text, 'input')
  expect(input).toMatchObject({ id: 'phone', 'aria-describedby': 'alert example' })
  expect(input).not.toHaveProperty('aria-invalid')
})

test('is asked for in time: a form that was open for long leads to a fresh code', async () => {
  const alice = await app.login('alice')
  await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  app.clock.advance(301)
  const refused = await alice.submit(phone, { phone: '+33612345678' })
  expectRefusalPage(refused, 'second_factor_stale', /needs a fresh code/)
  expect(refused.text).toContain('action="/second-factor/challenge"')
})

test('is a page alone: programs are told which method there is', async () => {
  const alice = await app.login('alice')
  const answer = await alice.get(phone)
  expectProblem(answer, 'method_not_allowed')
  expect(answer.headers.get('allow')).toBe('POST')
  const nobody = await app.browser().page(phone)
  expect([nobody.status, nobody.headers.get('location')]).toEqual([303, '/login'])
})

test('is not there where the application keeps no phones', async () => {
  await app.close()
  app = await startTestApp({
    secondFactor: { users: { id: (user) => user.id, phone: (user) => user.phone } },
  })
  expect((await (await app.login('alice')).page(phone)).status).toBe(404)
})
