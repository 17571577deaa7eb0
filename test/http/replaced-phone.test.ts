/** A replaced phone gets a message: a person who lost it to somebody else learns of it there. */

import { afterEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import { consoleSender, type CodeSender, type Notice, type SendResult } from '../../src/index.js'

const earlier = '+237671234567'
const next = '+33612345678'

let app: TestApp
afterEach(() => app.close())

/** Alice changes her phone. */
async function change(options: TestAppOptions = {}, headers = {}): Promise<number> {
  app = await startTestApp(options)
  const alice = await app.login('alice')
  await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  await alice.post('/second-factor/phone', { phone: next })
  const { status } = await alice.ask('/second-factor/phone/verify', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ code: app.inbox.inbox(next)[0]?.code }),
  })
  expect(app.users[0]?.phone).toBe(next)
  return status
}

const notifiedEvents = () =>
  app.events.flatMap((event) => (event.type === 'replaced_phone_notified' ? [event] : []))

test('gets a message without a code, in the person’s language', async () => {
  expect(await change({ secondFactor: { appName: 'Shop' } })).toBe(200)
  expect(app.inbox.inbox(earlier)[0]).toEqual({
    ...{ to: earlier, code: '', sentAt: new Date(app.clock.now) },
    text: "Shop: Your phone number was replaced by one ending in 78. If it wasn't you, contact support now.",
  })
  expect(notifiedEvents()).toEqual([
    {
      ...{ type: 'replaced_phone_notified', subject: '1', at: new Date(app.clock.now) },
      ...{ destination: '••••67', outcome: 'sent' },
    },
  ])
  await app.close()
  await change({}, { 'accept-language': 'fr' })
  expect(app.inbox.inbox(earlier)[0]?.text).toMatch(/^Votre numéro a été remplacé .* par 78\./)
})

test('gets the application’s own text', async () => {
  const replaced = ({ lastDigits, locale }: { lastDigits: string; locale: string }) =>
    `${locale}: now …${lastDigits}, see /help`
  await change({ secondFactor: { message: { replaced } } })
  expect(app.inbox.inbox(earlier)[0]?.text).toBe('en: now …78, see /help')
})

test('gets it once, and only if it was verified', async () => {
  app = await startTestApp()
  const erin = await app.login('erin')
  await erin.post('/second-factor/verify', { code: app.codeFor('erin') })
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: next })
  await carol.post('/second-factor/phone/verify', { code: app.inbox.inbox(next)[0]?.code })
  expect([app.users[2]?.phone, app.users[3]?.verified]).toEqual([next, true])
  expect(app.inbox.inbox().filter(({ code }) => code === '')).toEqual([])
  expect(notifiedEvents()).toEqual([])
})

// Far less than any sender is waited for.
test('gets it without delaying the response', { timeout: 8_000 }, async () => {
  let told = false
  const notify = () => {
    told = true
    return new Promise<SendResult>(() => undefined)
  }
  const inbox = consoleSender({ print: () => undefined })
  app = await startTestApp({
    sender: { channel: 'sms', send: (message) => inbox.send(message), notify },
  })
  const alice = await app.login('alice')
  const codeTo = (phone: string) => inbox.inbox(phone)[0]?.code
  await alice.post('/second-factor/verify', { code: codeTo(earlier) })
  await alice.post('/second-factor/phone', { phone: next })
  const changed = await alice.post('/second-factor/phone/verify', { code: codeTo(next) })
  expect([changed.status, told]).toEqual([200, true])
})

describe('a sender', () => {
  const senderThat = (notify: CodeSender['notify']): [CodeSender, () => string] => {
    let last = ''
    return [
      {
        channel: 'sms',
        send({ code }) {
          last = code.reveal()
          return Promise.resolve({ status: 'sent' })
        },
        notify,
      },
      () => last,
    ]
  }

  test.each<[string, CodeSender['notify'], string]>([
    ['that sends codes alone', undefined, 'no_sender'],
    ['that throws', () => Promise.reject(new Error('x')), 'maybe_sent'],
    [
      'that throws at once',
      () => {
        throw new Error('x')
      },
      'maybe_sent',
    ],
    [
      'that answers nothing',
      () => Promise.resolve(undefined as unknown as SendResult),
      'maybe_sent',
    ],
    [
      'that refuses',
      () => Promise.resolve({ status: 'rejected', reason: 'unavailable' }),
      'rejected',
    ],
  ])('%s does not keep the change from happening', async (_name, notify, outcome) => {
    const [sender, code] = senderThat(notify)
    app = await startTestApp({ sender })
    const alice = await app.login('alice')
    await alice.post('/second-factor/verify', { code: code() })
    await alice.post('/second-factor/phone', { phone: next })
    const answer = await alice.post('/second-factor/phone/verify', { code: code() })
    expect([answer.status, app.users[0]?.phone]).toEqual([200, next])
    expect((await alice.get('/account')).status).toBe(200)
    expect(notifiedEvents().map((event) => event.outcome)).toEqual([outcome])
  })

  test('for another channel is used if the first sends no notices', async () => {
    const notices: Notice[] = []
    const [first, code] = senderThat(undefined)
    const [second] = senderThat((notice) => {
      notices.push(notice)
      return Promise.resolve({ status: 'sent' })
    })
    app = await startTestApp({
      secondFactor: { sender: [first, { ...second, channel: 'whatsapp' }] },
    })
    const alice = await app.login('alice')
    await alice.post('/second-factor/verify', { code: code() })
    await alice.post('/second-factor/phone', { phone: next })
    await alice.post('/second-factor/phone/verify', { code: code() })
    expect(notices.map(({ to }) => to)).toEqual([earlier])
  })
})
