/** Adding or changing a phone on the pages: whatever happens in between, there is a way on, and no redirect loop. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { SendResult } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { tagsOf, textOf } from '../support/html.js'
import { expectProblem, expectRefusedForm, reasonOn } from '../support/problem.js'

const mount = '/second-factor/'
const phone = '/second-factor/phone'
const newPhone = '+33612345678'

let app: TestApp
/** The vendor's response to the next message to this phone. */
let results: Record<string, SendResult>
let codes: Record<string, string>
beforeEach(async () => {
  results = {}
  codes = {}
  app = await startTestApp({
    sender: {
      channel: 'sms',
      send({ to, code }) {
        codes[to] = code.reveal()
        return Promise.resolve(results[to] ?? { status: 'sent' })
      },
    },
  })
})
afterEach(() => app.close())

const codeOf = (username: string) =>
  codes[app.users.find((user) => user.username === username)?.phone ?? ''] ?? ''
const typedOn = (text: string) => tagsOf(text, 'input')[0]?.['value']

async function passed(seconds = 30): Promise<Browser> {
  const alice = await app.login('alice')
  await alice.submit('/second-factor/verify', { code: codeOf('alice') })
  app.clock.advance(seconds)
  return alice
}

test('a message that may have been sent leads to the code field, and the code works', async () => {
  results = { [newPhone]: { status: 'maybe_sent', reason: 'no answer' } }
  const carol = await app.login('carol')
  const answer = await carol.submit(phone, { phone: newPhone })
  const page = await expectRefusedForm(carol, answer, /If it arrives, enter it/)
  expect(page.text).toContain('action="/second-factor/phone/verify"')
  const right = await carol.submit('/second-factor/phone/verify', { code: codes[newPhone] ?? '' })
  expect(right.headers.get('location')).toBe('/account')
})

test('a phone that the vendor refuses stays in the field', async () => {
  results = { [newPhone]: { status: 'rejected', reason: 'destination_invalid' } }
  const carol = await app.login('carol')
  const answer = await carol.submit(phone, { phone: newPhone })
  const page = await expectRefusedForm(carol, answer, /can’t text that number/, phone)
  expect(typedOn(page.text)).toBe(newPhone)
})

test('a phone typed during the wait is kept, and the code on its way can still be entered', async () => {
  const carol = await app.login('carol')
  await carol.submit(phone, { phone: newPhone })
  const other = '+33698765432'
  const early = await carol.submit(phone, { phone: other })
  const page = await expectRefusedForm(carol, early, /You can request another in 30 seconds/, phone)
  expect(typedOn(page.text)).toBe(other)
  expect(tagsOf(page.text, 'a').map(({ href }) => href)).toContain(mount)
  expect((await carol.page(mount)).text).toContain('action="/second-factor/phone/verify"')
  app.clock.advance(30)
  expect((await carol.submit(phone, { phone: other })).headers.get('location')).toBe(mount)
  expect(textOf((await carol.page(mount)).text)).toContain('ending in 32')
})

test('"Use a different number" is shown only when it leads somewhere', async () => {
  const hasLink = async (browser: Browser) =>
    (await browser.page(mount)).text.includes(`href="${phone}"`)
  const erin = await app.login('erin')
  expect([await hasLink(erin), (await erin.page(phone)).status]).toEqual([true, 200])
  const alice = await passed(301)
  expect(await hasLink(alice)).toBe(true)
  // The step-up that the link leads to does not offer it again.
  expect((await alice.page(phone)).headers.get('location')).toBe(mount)
  expect(await hasLink(alice)).toBe(false)
  await alice.submit('/second-factor/challenge')
  expect(await hasLink(alice)).toBe(false)
})

describe('a phone with a typo', () => {
  const typo = '+33612345679'

  test('blocks no step-up: that uses the verified phone, and says so', async () => {
    const alice = await passed()
    await alice.submit(phone, { phone: typo })
    app.clock.advance(301)
    await expectRefusedForm(
      alice,
      await alice.submit('/transfer', { to: 'bob' }),
      /enter a new code/,
    )
    const page = await alice.page(mount)
    expect(reasonOn(page)).toMatch(/enter a new code/)
    expect(page.text).not.toContain('name="code"')
    const [button] = tagsOf(page.text, 'button')
    const field = { [button?.['name'] ?? '']: button?.['value'] ?? '' }
    expect((await alice.submit('/second-factor/challenge', field)).status).toBe(303)
    expect(textOf((await alice.page(mount)).text)).toContain('the number ending in 67')
    const right = await alice.submit('/second-factor/verify', { code: codeOf('alice') })
    expect(right.status).toBe(303)
    expect((await alice.post('/transfer')).json).toEqual({ transferred: true })
    expectProblem(
      await alice.post('/second-factor/phone/verify', { code: codes[typo] }),
      'no_challenge',
    )
  })

  test('is sent its code again on the page of the change', async () => {
    const alice = await passed()
    await alice.submit(phone, { phone: typo })
    app.clock.advance(30)
    codes = {}
    await alice.submit('/second-factor/challenge')
    expect(Object.keys(codes)).toEqual([typo])
  })

  test('is dropped only when a program explicitly asks for a sign-in code', async () => {
    const alice = await passed()
    await alice.post(phone, { phone: typo })
    app.clock.advance(30)
    const odd = await alice.post('/second-factor/challenge', { purpose: 'enrolment' })
    expectProblem(odd, 'malformed_request')
    const asked = await alice.post('/second-factor/challenge', { purpose: 'sign-in' })
    expect(asked.json).toMatchObject({ destination: '••••67' })
  })
})

test('a code too late for its change starts the change again, after a fresh code', async () => {
  const alice = await passed(299)
  await alice.submit(phone, { phone: newPhone })
  app.clock.advance(290)
  await alice.submit('/second-factor/challenge')
  app.clock.advance(40)
  const late = await alice.submit('/second-factor/phone/verify', { code: codes[newPhone] ?? '' })
  expect(late.headers.get('location')).toBe(phone)
  expect((await alice.page(phone)).headers.get('location')).toBe(mount)
  const page = await alice.page(mount)
  expect([reasonOn(page), page.text.includes('name="code"')]).toEqual([
    'For your security, enter a new code before you continue.',
    false,
  ])
})

test('a change is confirmed once and leads back to where it was requested', async () => {
  const alice = await passed()
  const headers = { accept: 'text/html', referer: `${app.url}/settings` }
  await alice.ask(phone, { headers })
  await alice.submit(phone, { phone: newPhone })
  const changed = await alice.submit('/second-factor/phone/verify', { code: codes[newPhone] ?? '' })
  expect(changed.headers.get('location')).toBe(mount)
  const page = await alice.page(mount)
  expect(textOf(page.text)).toContain(
    'Your phone number now ends in 78 . We’ll send your codes there.',
  )
  expect(tagsOf(page.text, 'a').map(({ href }) => href)).toContain('/settings')
  expect(textOf((await alice.page(mount)).text)).not.toContain('now ends in')
})
