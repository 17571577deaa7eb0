/**
 * The attacker sends bodies that are not codes, by the thousand: lists that match any of many codes, query-language
 * objects, numbers, huge strings, broken encodings. None may be judged, pass, or break the server; and a person's
 * right code still passes afterwards.
 */

import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Ask, Browser } from '../support/browser.js'
import { challengeOf, isIn, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** The body, given the right code. */
function bodies(right: string): Ask[] {
  const value = (code: unknown): Ask => ({ headers: json, body: JSON.stringify({ code }) })
  const encoded = (body: string): Ask => ({ headers: form, body })
  const full = Array.from(right, (digit) => String.fromCharCode(0xff10 + Number(digit))).join('')
  const arabic = Array.from(right, (digit) => String.fromCharCode(0x660 + Number(digit))).join('')
  return [
    ...[value([right]), value([right, '000000']), value({ $ne: '' }), value({ $gt: '' })],
    ...[value({ ne: 'x' }), value({ '[Op.ne]': 'x' }), value({ toString: right, length: 6 })],
    ...[value(Number(right)), value(0), value(null), value(true), value(false), value('')],
    ...[value({}), value([]), value('1e5000'), value('0x1E24'), value('+12345'), value('12345n')],
    ...[
      value(`${right}\n1`),
      value(`\t1${right}`),
      value(`${right}\u0000`),
      value(`${right}\u001b`),
    ],
    ...[value(`\u202e${right.slice(1)}`), value(`${right}\u200b0`), value(right.slice(1))],
    ...[
      value(`-${right}1`),
      value(`+${right}`),
      value(`${right} or ${right}`),
      value(`${right}\ud800`),
    ],
    ...[
      value(arabic.slice(1)),
      value(`${full}1`),
      value('\ud83d\ude00'.repeat(3)),
      value('\ud800'),
    ],
    ...[value("' OR 1=1--"), value('%'), value('*'), value('1'.repeat(3000))],
    ...[value('1'.repeat(100_000)), value(' '.repeat(64)), value('-'.repeat(6))],
    ...[encoded(`code=000000&code=${right}`), encoded(`code[]=${right}`), encoded('code[$ne]=x')],
    ...[encoded(`code%00=${right}`), encoded('code'), encoded('=&&='), encoded('%'), encoded('')],
    ...[encoded(`__proto__[code]=${right}`), encoded(`CODE=${right}`)],
    { headers: json, body: `["${right}"]` },
    { headers: json, body: `"${right}"` },
    { headers: json, body: right },
    { headers: json, body: 'null' },
    { headers: json, body: '{"code":' },
    { headers: json, body: `{"__proto__":{"code":"${right}","verified":true}}` },
    { headers: json, body: `{"constructor":{"prototype":{"code":"${right}"}}}` },
    {
      headers: { 'content-type': 'application/json; charset=utf-16' },
      body: `{"code":"${right}"}`,
    },
    { headers: { 'content-type': 'text/plain' }, body: `{"code":"${right}"}` },
    { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: `--x\r\n\r\n--x--` },
    { headers: { 'content-type': 'nonsense' }, body: `code=${right}` },
    {
      headers: { ...json, 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(5_000_000, 32)),
    },
    { headers: { ...json, 'content-encoding': 'gzip' }, body: `{"code":"${right}"}` },
    { headers: { ...json, 'content-encoding': 'rot13' }, body: `{"code":"${right}"}` },
    { headers: json },
    {},
  ]
}

const send = (browser: Browser, ask: Ask) =>
  browser.copy().ask(`/second-factor/verify?code=${app.codeFor('alice')}`, {
    ...{ method: 'POST', ...ask },
    headers: { accept: 'application/json', ...ask.headers },
  })

test('of a thousand malformed bodies none is judged, and the right code still passes', async () => {
  const alice = await app.login('alice')
  const right = app.codeFor('alice')
  const kinds = bodies(right)
  const rounds = Math.ceil(1000 / kinds.length)
  for (let round = 0; round < rounds; round += 1) {
    const answers = await Promise.all(kinds.map((ask) => send(alice, ask)))
    const passed = answers.filter(({ status }) => status < 400 || status >= 500)
    expect(passed.map(({ status, text }) => [status, text])).toEqual([])
  }
  const row = await rowOf(app.store, '1')
  expect([challengeOf(row).attempts, row.failures]).toEqual([0, 0])
  expect(app.faults).toEqual([])
  expect(({} as Record<string, unknown>)['verified']).toBeUndefined()
  expect(({} as Record<string, unknown>)['code']).toBeUndefined()
  expect(await isIn(alice)).toBe(false)
  expect((await verify(alice, right)).status).toBe(200)
})

test('a code that lost its leading zeros is another code', async () => {
  let alice = await app.login('alice')
  for (let day = 0; !app.codeFor('alice').startsWith('0'); day += 1) {
    await app.secondFactor.reset(app.users[0] as Express.User)
    if (day > 500) throw new Error('no code begins with a zero')
    alice = await app.login('alice')
  }
  const right = app.codeFor('alice')
  const short = right.replace(/^0+/, '')
  for (const code of [short, `${short}.0`, Number(right), ` ${short}`, `0${right}`]) {
    expect((await alice.post('/second-factor/verify', { code })).status).toBe(400)
  }
  expect((await verify(alice, right)).status).toBe(200)
})

test('a right code in the query, a header or a cookie is ignored: only the body counts', async () => {
  const alice = await app.login('alice')
  const right = app.codeFor('alice')
  const answer = await alice.ask(`/second-factor/verify?code=${right}`, {
    ...{ method: 'POST', body: JSON.stringify({ code: right === '111111' ? '222222' : '111111' }) },
    headers: { ...json, accept: 'application/json', code: right, 'x-otp': right },
  })
  expect(answer.json['code']).toBe('code_incorrect')
  const twice = `{"code":"${right}","code":"${right === '111111' ? '222222' : '111111'}"}`
  const last = await alice.ask('/second-factor/verify', {
    ...{ method: 'POST', headers: { ...json, accept: 'application/json' }, body: twice },
  })
  expect(last.json['code']).toBe('code_incorrect')
})
