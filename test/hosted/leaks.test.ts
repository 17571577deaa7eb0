/**
 * Twilio's SDK throws errors that print the credentials and the whole request. Whatever goes wrong at a start, check
 * or cancel, no code, full phone or credential may reach the console, the events, the application's errors, the stored
 * row or a response.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { Answer, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, twilioFault, type HostedApp } from '../support/hosted-app.js'
import { alicesSubject } from '../support/in-or-out.js'
import { captureOutput, shown, type OutputCapture } from '../support/output-capture.js'
import { cameroon } from '../support/phones.js'
import { rowOf } from '../support/rows.js'
import type { StandInFault } from '../support/twilio-stand-in.js'

const challenge = '/second-factor/challenge'
const verify = '/second-factor/verify'

let app: HostedApp
let output: OutputCapture
let answers: Answer[]
beforeEach(async () => {
  answers = []
  output = captureOutput()
  app = await startHostedApp({
    verify: { timeoutSeconds: 0.3, rateLimits: { per_user: 'subject', per_ip: 'ip' } },
    standIn: {
      rateLimits: {
        per_user: { limit: 99, intervalSeconds: 1 },
        per_ip: { limit: 99, intervalSeconds: 1 },
      },
    },
  })
})
afterEach(async () => {
  output.stop()
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

async function keep(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked
  answers.push(answer)
  return answer
}

async function expectNothingLeaked(codes: string[]): Promise<void> {
  const row = await rowOf(app.store, alicesSubject)
  const { authToken, accountSid } = app.twilio.account
  const basic = Buffer.from(`${accountSid}:${authToken}`).toString('base64')
  const read = [
    ...[output.text(), shown(app.events), shown(app.faults)],
    ...answers.map(({ text, headers }) => text + shown([...headers])),
  ].join('\n')
  const everywhere = read + JSON.stringify(row)
  expect([authToken, basic].filter((secret) => everywhere.includes(secret))).toEqual([])
  // An instant or a version may have the six digits of a code somewhere in the middle.
  const numbers: readonly string[] = everywhere.match(/\d+/g) ?? []
  expect(codes.filter((code) => numbers.includes(code))).toEqual([])
  expect([cameroon, cameroon.slice(1)].filter((secret) => read.includes(secret))).toEqual([])
}

/** A text that repeats what must not be seen, as Twilio's own do. */
const talkative = `'To' number ${cameroon}`
const faults: [string, StandInFault][] = [
  ['nothing', { kind: 'answer', status: 200, body: {} }],
  ['a refusal that repeats the phone', twilioFault(400, 60200, undefined, talkative)],
  ['wrong credentials', twilioFault(401, 20003, undefined, talkative)],
  ['a 404', twilioFault(404, 20404, undefined, talkative)],
  ['too many requests', twilioFault(429, 20429, '45', talkative)],
  ['a 500', twilioFault(500, 20500, undefined, talkative)],
  ['a page that repeats it', { kind: 'answer', status: 502, body: talkative }],
  ['an id made of it', { kind: 'answer', status: 201, body: { sid: cameroon, status: 'pending' } }],
  ['a reset', { kind: 'reset' }],
  ['no answer', { kind: 'hang' }],
  ['an answer cut short', { kind: 'cut', status: 201 }],
]

test.each(faults)('with %s as Twilio’s response, nothing secret is shown', async (_name, fault) => {
  const alice = app.browser()
  app.twilio.script(fault)
  await keep(alice.post('/login', { username: 'alice', password: 'password' }))
  app.clock.advance(60)
  await keep(alice.post(challenge))
  const codes = [app.codeFor('alice')]
  app.twilio.script(fault)
  await keep(alice.post(verify, codes[0] === undefined ? {} : { code: codes[0] }))
  app.twilio.script(fault)
  await keep(alice.submit(verify, { code: wrongCode(codes[0] ?? '') }))
  await keep(alice.page('/second-factor/'))
  app.twilio.script(fault, fault)
  const other: Browser = app.browser()
  app.clock.advance(300)
  await keep(other.post('/login', { username: 'alice', password: 'password' }))
  app.clock.advance(600)
  app.twilio.script(fault)
  await keep(other.delete(challenge))
  await keep(app.browser().post('/login', { username: 'alice', password: 'password' }))
  codes.push(app.codeFor('alice'))
  await expectNothingLeaked(codes)
})

test('on success, nothing secret is shown either', async () => {
  const alice = app.browser()
  await keep(alice.post('/login', { username: 'alice', password: 'password' }))
  const codes = [app.codeFor('alice')]
  await keep(alice.post(verify, { code: wrongCode(app.codeFor('alice')) }))
  await keep(alice.post(verify, { code: app.codeFor('alice') }))
  await keep(alice.get('/second-factor/'))
  await keep(alice.get('/account'))
  await expectNothingLeaked(codes)
})
