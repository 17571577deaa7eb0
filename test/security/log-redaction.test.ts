/**
 * The attacker reads the logs: what the process prints, what its events contain, the errors that reach the
 * application's handler, and every response byte. Through every refusal and fault there must be no code, full phone,
 * secret, vendor error detail or session id.
 */

import session from 'express-session'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { memoryStore, type CodeMessage, type SendResult } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { captureOutput, shown, type OutputCapture } from '../support/output-capture.js'
import { phoneOf, rowOf } from '../support/rows.js'

const secret = 'an exemplary secret of the tests, 32 bytes and more'
const credentials = 'AC00000000000000000000000000000000:token'

let app: TestApp
let output: OutputCapture
let answers: Answer[]
let messages: CodeMessage[]
let answer: (message: CodeMessage) => unknown
let broken: boolean

beforeEach(async () => {
  answers = []
  messages = []
  broken = false
  answer = () => ({ status: 'sent', reference: 'SM1' })
  output = captureOutput()
  const store = memoryStore()
  const sessionStore = new session.MemoryStore()
  const fail = (told: unknown) =>
    Promise.reject(Object.assign(new Error(`cannot do ${shown(told)}`), { told, credentials }))
  app = await startTestApp({
    sessionStore,
    sender: {
      channel: 'sms',
      send(message) {
        messages.push(message)
        return Promise.resolve().then(() => answer(message)) as Promise<SendResult>
      },
    },
    secondFactor: {
      secret,
      policy: { ...roomyPolicy, standards: 'relaxed', lockLadderSeconds: [10] },
      store: {
        read: (subject) => store.read(subject),
        compareAndSwap: (subject, version, next) =>
          broken ? fail(next) : store.compareAndSwap(subject, version, next),
        delete: (subject) => store.delete(subject),
      },
    },
    routes(server) {
      server.get('/fail', (req, _res, next) => {
        next(Object.assign(new Error('a fault of the application'), { request: req.secondFactor }))
      })
    },
  })
})
afterEach(async () => {
  output.stop()
  await app.close()
})

const lastCode = () => messages.at(-1)?.code.reveal() ?? ''

/** Asks, and keeps the answer to be searched. */
async function keep(asked: Promise<Answer>): Promise<Answer> {
  const got = await asked
  answers.push(got)
  return got
}

function loginOf(username: string, browser = app.browser()): Promise<Browser> {
  return keep(browser.post('/login', { username, password: 'password' })).then(() => browser)
}

/** Searches all that could be read, for all that must not be there. */
async function expectNothingLeaked(): Promise<void> {
  const ids: string[] = []
  for (const { id } of app.users) {
    const row = await app.store.read(String(id))
    ids.push(...(row?.grants ?? []).map((grant) => grant.id))
    const challenge = row === null ? null : phoneOf(row).challenge
    if (challenge !== null) ids.push(challenge.id)
  }
  const answered = answers.map(({ text, headers }) => text + shown([...headers]))
  const read = [output.text(), shown(app.events), shown(app.faults), ...answered].join('\n')
  const codes = messages.map(({ code }) => code.reveal())
  const phones = messages.map(({ to }) => to)
  const withoutPlus = phones.map((phone) => phone.slice(1))
  const secrets = [...codes, ...phones, ...withoutPlus, ...ids, secret, credentials]
  expect(codes.length).toBeGreaterThan(0)
  expect(secrets.filter((each) => read.includes(each))).toEqual([])
}

test('nothing secret leaks through any refusal', async () => {
  const alice = await loginOf('alice')
  await keep(alice.get('/account'))
  await keep(alice.page('/account'))
  await keep(alice.get('/second-factor/'))
  await keep(alice.page('/second-factor/'))
  await keep(alice.post('/second-factor/challenge'))
  await keep(alice.post('/second-factor/verify', { code: 'none' }))
  await keep(alice.post('/second-factor/verify', { code: wrongCode(lastCode()) }))
  await keep(alice.submit('/second-factor/verify', { code: wrongCode(lastCode()) }))
  await keep(alice.post('/second-factor/phone', { phone: '+14155550199' }))
  await keep(alice.get('/fail'))
  app.clock.advance(311)
  await keep(alice.post('/second-factor/verify', { code: lastCode() }))
  await keep(alice.post('/second-factor/challenge'))
  await keep(alice.post('/second-factor/verify', { code: lastCode() }))
  await keep(alice.post('/second-factor/phone', { phone: '+14155550199' }))
  await keep(alice.post('/second-factor/phone/verify', { code: wrongCode(lastCode()) }))
  await keep(alice.post('/second-factor/phone/verify', { code: lastCode() }))
  await keep(alice.get('/account'))
  await keep(alice.post('/logout'))
  const carol = await loginOf('carol')
  await keep(carol.post('/second-factor/phone', { phone: '+1900555019' }))
  const bob = await loginOf('bob')
  app.clock.advance(2)
  await keep(bob.post('/second-factor/challenge'))
  await expectNothingLeaked()
  expect(new Set(answers.map(({ status }) => status)).size).toBeGreaterThan(6)
})

test('nothing secret leaks through the locks and the hard stop', async () => {
  const inbox = { ...app, codeFor: lastCode }
  await failTimes(inbox, await loginOf('alice'), 'alice', 100)
  const locked = await loginOf('alice')
  await keep(locked.post('/second-factor/verify', { code: lastCode() }))
  await keep(locked.page('/second-factor/'))
  expect(app.events.map(({ type }) => type)).toContain('locked')
  await expectNothingLeaked()
})

test('nothing secret leaks through a sender fault, whatever its error contains', async () => {
  const vendorError = (message: CodeMessage) =>
    Object.assign(new Error('Request failed with status code 500'), {
      name: 'AxiosError',
      config: { auth: credentials, data: message.text.reveal(), to: message.to },
      toJSON: () => ({ code: message.code.reveal(), credentials }),
    })
  const outcomes: ((message: CodeMessage) => unknown)[] = [
    (message) => Promise.reject(vendorError(message)),
    (message) => {
      throw vendorError(message)
    },
    (message) => vendorError(message),
    (message) => ({ status: 'fine', message, code: message.code.reveal() }),
    () => ({ status: 'maybe_sent', reason: 'timeout' }),
    () => ({ status: 'rejected', reason: 'destination_invalid' }),
    () => ({ status: 'rejected', reason: 'unavailable', retryAfterSeconds: 7 }),
    () => ({ status: 'operator_fault', reason: 'authentication' }),
    () => undefined,
  ]
  for (const outcome of outcomes) {
    answer = outcome
    const alice = await loginOf('alice')
    app.clock.advance(60)
    await keep(alice.post('/second-factor/challenge'))
    await keep(alice.submit('/second-factor/challenge'))
    app.clock.advance(600)
  }
  expect(app.events.filter(({ type }) => type === 'delivery_failed').length).toBeGreaterThan(8)
  await expectNothingLeaked()
})

test('nothing secret leaks through a store fault whose error contains the whole row', async () => {
  const alice = await loginOf('alice')
  broken = true
  await keep(alice.post('/second-factor/verify', { code: lastCode() }))
  await keep(alice.submit('/second-factor/verify', { code: lastCode() }))
  app.clock.advance(60)
  await keep(alice.post('/second-factor/challenge'))
  await loginOf('alice')
  await keep(alice.post('/logout'))
  expect(answers.filter(({ status }) => status === 503)).toHaveLength(3)
  await expectNothingLeaked()
})

test('a message never prints its code, however a sender logs it', async () => {
  await loginOf('alice')
  const [message] = messages
  if (message === undefined) throw new Error('no message')
  const { code, text } = message
  const printed = [shown({ code, text }), `${String(code)} ${String(text)}`, JSON.stringify([code])]
  expect(printed.join()).not.toContain(lastCode())
  expect(printed.join()).toContain('[redacted]')
  expect(Object.keys(code)).toEqual([])
  await rowOf(app.store, '1')
})
