/** `GET {mount}/phone`: the page for a first phone, and for replacing a verified one. */

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { CodeSender } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { tagsOf, textOf } from '../support/html.js'
import { expectProblem, expectRefusedForm, reasonOn } from '../support/problem.js'

const phone = '/second-factor/phone'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({ secondFactor: { phone: { defaultCountry: 'CM' } } })
})
afterEach(() => app.close())

test('asks a user without a phone for the first one', async () => {
  const page = await (await app.login('carol')).page(phone)
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(textOf(page.text)).toContain('We’ll text a code to this number each time you log in.')
  expect(textOf(page.text)).toContain('For example, +237 6 71 23 45 67')
})

test('needs a fresh code if a phone is verified, and opens after it', async () => {
  const alice = await app.login('alice')
  const closed = await alice.page(phone)
  expect([closed.status, closed.headers.get('location')]).toEqual([303, '/second-factor/'])
  const passed = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  expect(passed.headers.get('location')).toBe(phone)
  const page = await alice.page(phone)
  expect(textOf(page.text)).toContain(
    'Your number ends in 67 . If you change it, you’ll need to enter a new code on every other device. ' +
      'We’ll text your old number to say it was replaced.',
  )
  app.clock.advance(301)
  expect((await alice.page(phone)).status).toBe(303)
  const again = await alice.page('/second-factor/')
  expect(again.text).toContain('For your security, enter a new code before you continue.')
})

test('shows a refused phone again as it was typed', async () => {
  const carol = await app.login('carol')
  const typedAfter = async (input: string) => {
    const refused = await carol.submit(phone, { phone: input })
    const page = await expectRefusedForm(carol, refused, /include the country code/, phone)
    return tagsOf(page.text, 'input').map((input) => input['value'])
  }
  expect(await typedAfter('+33 6 12 34')).toEqual(['+33 6 12 34'])
  expect(await typedAfter('O6 12 34 56 78')).toEqual(['O6 12 34 56 78'])
  expect(await typedAfter('my number')).toEqual([''])
  await app.close()
  app = await startTestApp({ secondFactor: { phone: { allowedCountries: ['CM'] } } })
  const carolAgain = await app.login('carol')
  const blocked = await carolAgain.submit(phone, { phone: '0033612345678' })
  const page = await expectRefusedForm(
    carolAgain,
    blocked,
    /can’t send codes to that number/,
    phone,
  )
  expect(tagsOf(page.text, 'input')[0]).toMatchObject({ 'aria-invalid': 'true' })
})

test('is done with after the phone has changed', async () => {
  const alice = await app.login('alice')
  await alice.page(phone)
  await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  app.clock.advance(30)
  await alice.submit(phone, { phone: '+33612345678' })
  const code = app.inbox.inbox('+33612345678')[0]?.code ?? ''
  const changed = await alice.submit(`${phone}/verify`, { code })
  expect([changed.status, changed.headers.get('location')]).toEqual([303, '/second-factor/'])
  const confirmed = await alice.page('/second-factor/')
  expect(textOf(confirmed.text)).toContain('Your phone number now ends in 78')
  expect(confirmed.text).toContain('href="/account"')
  expect(textOf((await alice.page('/second-factor/')).text)).not.toContain('now ends in 78')
})

test('promises the old phone a message only if one would be sent', async () => {
  const told = 'We’ll text your old number'
  const unverified = await (await app.login('erin')).page(phone)
  expect(textOf(unverified.text)).toContain('Your number ends in 23 .')
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
  expect(textOf(page.text)).toContain('Your number ends in 67 .')
  expect(textOf(page.text)).not.toContain(told)
})

test('calls a phone wrong only if it is', async () => {
  const carol = await app.login('carol')
  const stopped = await carol.submit('/transfer')
  const page = await expectRefusedForm(carol, stopped, /with a code first/)
  const [input] = tagsOf(page.text, 'input')
  expect(input).toMatchObject({ id: 'phone', 'aria-describedby': 'alert example' })
  expect(input).not.toHaveProperty('aria-invalid')
})

test('leads to a fresh code if its form was open too long', async () => {
  const alice = await app.login('alice')
  await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  app.clock.advance(301)
  const refused = await alice.submit(phone, { phone: '+33612345678' })
  expect([refused.status, refused.headers.get('location')]).toEqual([303, phone])
  const stepUp = await alice.page(phone)
  expect([stepUp.status, stepUp.headers.get('location')]).toEqual([303, '/second-factor/'])
  expect(reasonOn(await alice.page('/second-factor/'))).toMatch(/enter a new code/)
  await alice.submit('/second-factor/challenge')
  const right = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  expect(right.headers.get('location')).toBe(phone)
  const again = await alice.page(phone)
  expect([tagsOf(again.text, 'input')[0]?.['value'], reasonOn(again)]).toEqual(['+33612345678', ''])
})

test('is only a page: programs get the supported methods', async () => {
  const alice = await app.login('alice')
  const answer = await alice.get(phone)
  expectProblem(answer, 'method_not_allowed')
  expect(answer.headers.get('allow')).toBe('POST')
  const nobody = await app.browser().page(phone)
  expect([nobody.status, nobody.headers.get('location')]).toEqual([303, '/login'])
})

test('does not exist if the application stores no phones', async () => {
  await app.close()
  app = await startTestApp({
    secondFactor: { users: { id: (user) => user.id, phone: (user) => user.phone } },
  })
  expect((await (await app.login('alice')).page(phone)).status).toBe(404)
})
