/** Which bodies are accepted; any other body is refused without being judged, counted or causing a fault. */

import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { RefusalCode } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Ask, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { expectProblem, expectRefusalPage, expectRefusedForm } from '../support/problem.js'
import { rawRequest } from '../support/raw-request.js'

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const large = 5 * 1024 * 1024

/** Every endpoint that reads a field of the body, and the field. */
const fields = [
  ['/second-factor/verify', 'code'],
  ['/second-factor/phone', 'phone'],
  ['/second-factor/phone/verify', 'code'],
] as const

let app: TestApp
let alice: Browser
let code: string
beforeEach(async () => {
  app = await startTestApp()
  alice = await app.login('alice')
  code = app.codeFor('alice')
})
afterEach(() => app.close())

/** The state that only a valid request may change: the row in the store and the messages sent. */
async function traces(): Promise<unknown> {
  return { row: await app.store.read('1'), messages: app.inbox.inbox().length }
}

const gzip = { 'content-encoding': 'gzip' }
const gzipped = (text: string) => new Uint8Array(gzipSync(text))
const bytes = (text: string) => new TextEncoder().encode(text)
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))

function send(type: string, body: Ask['body'], headers: Record<string, string> = {}): Ask {
  const all = { accept: json, ...(type === '' ? {} : { 'content-type': type }), ...headers }
  return { method: 'POST', headers: all, ...(body === undefined ? {} : { body }) }
}

function chunked(text: string, pieces = 1): ReadableStream {
  let left = pieces
  return new ReadableStream({
    pull(controller) {
      if (left === 0) controller.close()
      else controller.enqueue(bytes(text))
      left -= 1
    },
  })
}

/** Bodies that no endpoint takes, whatever the field. */
const hostile: readonly [name: string, refusal: RefusalCode, ask: () => Ask][] = [
  ['a JSON array', 'malformed_request', () => send(json, '["123456"]')],
  ['a JSON string', 'malformed_request', () => send(json, '"123456"')],
  ['a JSON number', 'malformed_request', () => send(json, '123456')],
  ['the JSON null', 'malformed_request', () => send(json, 'null')],
  ['the JSON true', 'malformed_request', () => send(json, 'true')],
  ['invalid JSON', 'malformed_request', () => send(json, '{"code":"123456"')],
  ['JSON of white space', 'malformed_request', () => send(json, '  \n ')],
  ['no gzip as gzip', 'malformed_request', () => send(json, '{}', gzip)],
  ['UTF-8 as UTF-16', 'malformed_request', () => send(`${json}; charset=utf-16`, '{"a":"b"}')],
  ['an unknown charset', 'unsupported_media_type', () => send(`${json}; charset=klingon`, '{}')],
  [
    'an unknown encoding',
    'unsupported_media_type',
    () => send(json, '{}', { 'content-encoding': 'compress' }),
  ],
  ['plain text', 'unsupported_media_type', () => send('text/plain', '123456')],
  ['another JSON', 'unsupported_media_type', () => send('application/vnd.api+json', '{}')],
  ['a multipart form', 'unsupported_media_type', () => send('multipart/form-data', '--x--')],
  ['bytes without a type', 'unsupported_media_type', () => send('', bytes('{"code":"123456"}'))],
  ['a type that is none', 'unsupported_media_type', () => send('nonsense', '{}')],
  ['2,000 fields', 'body_too_large', () => send(form, 'x&'.repeat(2000))],
  ['4,097 bytes', 'body_too_large', () => send(form, `x=${'1'.repeat(4095)}`)],
  ['chunks of 4,097 bytes', 'body_too_large', () => send(json, chunked('x'.repeat(4097)))],
  ['a form of such chunks', 'body_too_large', () => send(form, chunked('x'.repeat(4097)))],
  ['5 MB of JSON', 'body_too_large', () => send(json, `{"code":"${'1'.repeat(large)}"}`)],
  ['5 MB of a form', 'body_too_large', () => send(form, `code=${'1'.repeat(large)}`)],
  ['5 MB in chunks', 'body_too_large', () => send(json, chunked('1'.repeat(large / 64), 64))],
  ['5 MB in gzip', 'body_too_large', () => send(json, gzipped(`"${' '.repeat(large)}"`), gzip)],
]

describe.each(['/second-factor/challenge', ...fields.map(([path]) => path)])('POST %s', (path) => {
  test.each(hostile)('refuses %s as %s without counting it', async (_name, refusal, ask) => {
    const before = await traces()
    expectProblem(await alice.ask(path, ask()), refusal)
    expect(await traces()).toEqual(before)
    expect((await alice.get('/second-factor/')).status).toBe(200)
  })
})

/** Bodies without one string in the field. */
const unusable: readonly [name: string, ask: (field: string) => Ask][] = [
  ['no body', () => send('', undefined)],
  ['an empty body of JSON', () => send(json, '')],
  ['an empty form', () => send(form, '')],
  ['an empty object', () => send(json, '{}')],
  ['null', (field) => send(json, JSON.stringify({ [field]: null }))],
  ['a number', (field) => send(json, JSON.stringify({ [field]: 237671234567 }))],
  ['a number of six digits', (field) => send(json, `{"${field}":${code}}`)],
  ['an array with the right code', (field) => send(json, JSON.stringify({ [field]: [code] }))],
  ['an array of codes', (field) => send(json, JSON.stringify({ [field]: ['000000', code] }))],
  ['an object', (field) => send(json, JSON.stringify({ [field]: { $ne: '' } }))],
  [
    'an object that prints as the code',
    (field) => send(json, `{"${field}":{"toString":"${code}","length":6}}`),
  ],
  ['true', (field) => send(json, JSON.stringify({ [field]: true }))],
  ['an empty string', (field) => send(json, JSON.stringify({ [field]: '' }))],
  ['white space', (field) => send(form, `${field}=%20%20`)],
  ['a string of 4,000 characters', (field) => send(form, `${field}=${'1'.repeat(4000)}`)],
  ['a field twice', (field) => send(form, `${field}=${code}&${field}=${code}`)],
  ['a field in brackets', (field) => send(form, `${field}[]=${code}`)],
  ['a field of a field', (field) => send(form, `${field}[$ne]=x`)],
  ['the prototype', (field) => send(json, `{"__proto__":{"${field}":"${code}"}}`)],
  ['the prototype of a form', (field) => send(form, `__proto__[${field}]=${code}`)],
  [
    'the constructor',
    (field) => send(json, `{"constructor":{"prototype":{"${field}":"${code}"}}}`),
  ],
  [
    'another case of letters',
    (field) => send(json, JSON.stringify({ [field.toUpperCase()]: code })),
  ],
]

describe.each(fields)('POST %s, whose field is `%s`,', (path, field) => {
  test.each(unusable)('refuses %s without counting it', async (_name, askFor) => {
    const before = await traces()
    const ask = askFor(field)
    expectProblem(await alice.ask(path, ask), 'malformed_request')
    expectProblem(await alice.ask(`${path}?${field}=${code}`, ask), 'malformed_request')
    expect(await traces()).toEqual(before)
    expect({}).not.toHaveProperty(field)
  })
})

describe('an accepted body', () => {
  test.each<[string, () => Ask]>([
    ['no body', () => send('', undefined)],
    ['an empty body of JSON', () => send(json, '')],
    ['an empty object', () => send(json, '{}')],
    ['an empty form', () => send(form, '')],
    ['fields that nobody knows', () => send(json, '{"phone":"+12025550100","userId":2,"to":[]}')],
  ])('POST /challenge takes %s', async (_name, ask) => {
    app.clock.advance(30)
    const answer = await alice.ask('/second-factor/challenge', ask())
    expect(answer.status).toBe(201)
    expect(app.inbox.inbox().map(({ to }) => to)).toEqual(['+237671234567', '+237671234567'])
  })

  test('POST /challenge accepts empty chunks without a type, and no chunk with a byte', async () => {
    app.clock.advance(30)
    const cookie = [...alice.cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { cookie, 'transfer-encoding': 'chunked' }
    const post = { method: 'POST', path: '/second-factor/challenge', headers }
    expect((await rawRequest(app.url, { ...post, body: 'x' })).status).toBe(415)
    expect((await rawRequest(app.url, post)).status).toBe(201)
  })

  test.each<[string, () => Ask]>([
    ['JSON in gzip', () => send(json, gzipped(`{"code":"${code}"}`), gzip)],
    ['JSON in UTF-16', () => send(`${json}; charset=utf-16le`, utf16(`{"code":"${code}"}`))],
    ['JSON in chunks', () => send(json, chunked(`{"code":"${code}"}`))],
    ['JSON with unknown fields', () => send(json, `{"a":[],"code":"${code}","user":{"id":2}}`)],
    ['exactly 4096 bytes', () => send(json, `{"code":"${code}"}`.padEnd(4096))],
    ['a form with unknown fields', () => send(form, `_csrf=x&code=${code}&user=2`)],
  ])('POST /verify takes %s', async (_name, ask) => {
    const answer = await alice.ask('/second-factor/verify', ask())
    expect([answer.status, answer.json['status']]).toEqual([200, 'passed'])
  })

  test('the last of two duplicate JSON fields counts', async () => {
    const body = (first: string, last: string) => send(json, `{"code":"${first}","code":"${last}"}`)
    const wrong = await alice.ask('/second-factor/verify', body(code, wrongCode(code)))
    expectProblem(wrong, 'code_incorrect', { attemptsLeft: 4 })
    expect((await alice.ask('/second-factor/verify', body(wrongCode(code), code))).status).toBe(200)
  })

  test('the query never counts, not even together with a body', async () => {
    const other = `/second-factor/verify?code=${code}`
    expectProblem(await alice.post(other, { code: wrongCode(code) }), 'code_incorrect', {
      attemptsLeft: 4,
    })
    expectProblem(await alice.post(other, {}), 'malformed_request')
    const right = `/second-factor/verify?code=${wrongCode(code)}&user=2`
    expect((await alice.post(right, { code })).status).toBe(200)
  })
})

test('a refused form body gets the page', async () => {
  const submit = (type: string, body: string) =>
    alice.ask('/second-factor/verify', send(type, body, { accept: 'text/html' }))
  const large = await submit(form, 'x'.repeat(5000))
  expectRefusalPage(large, 'body_too_large', 'That’s too much data.')
  expect(large.text).toContain('<h1>Confirm it’s you</h1>')
  expectRefusalPage(await submit('text/plain', 'code'), 'unsupported_media_type', 'Send JSON')
  await expectRefusedForm(alice, await submit(form, 'code=abc'), 'Enter the 6-digit code.')
})
