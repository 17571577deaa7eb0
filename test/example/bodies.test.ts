/** The example's own forms answer any input with a clear problem, never with a fault. */

import { beforeAll, describe, expect, test } from 'vitest'

import { expectOwnProblem } from '../support/example-problem.js'
import { newDatabase, startExample, verify, phones, type Example } from '../support/example.js'
import type { Browser } from '../support/browser.js'

let example: Example
let passed: Browser
beforeAll(async () => {
  example = await startExample({ DATABASE_URL: newDatabase() })
  passed = await example.login('alice')
  await verify(passed, await example.codeFor(phones.alice))
})

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const paths = ['/login', '/register', '/transfer', '/password'] as const

const unreadable: readonly (readonly [
  what: string,
  type: string,
  body: string,
  status: number,
  code: string,
])[] = [
  ['JSON that is cut off', json, '{"username":"ali', 400, 'malformed_request'],
  ['no JSON at all', json, 'username=alice', 400, 'malformed_request'],
  ['a JSON text', json, '"alice"', 400, 'malformed_request'],
  ['a list', json, '[]', 400, 'malformed_request'],
  ['a list of objects', json, '[{"username":"alice"}]', 400, 'malformed_request'],
  ['null', json, 'null', 400, 'malformed_request'],
  ['nothing', json, '', 400, 'malformed_request'],
  ['an empty object', json, '{}', 400, 'malformed_request'],
  ['a prototype', json, '{"__proto__":{"username":"alice","to":"x"}}', 400, 'malformed_request'],
  ['5 KiB of JSON', json, JSON.stringify({ a: 'x'.repeat(5000) }), 413, 'body_too_large'],
  ['5 KiB of a form', form, `a=${'x'.repeat(5000)}`, 413, 'body_too_large'],
  ['a thousand fields', form, 'a&'.repeat(1500), 413, 'body_too_large'],
  ['text', 'text/plain', 'username=alice', 415, 'unsupported_media_type'],
  ['XML', 'application/xml', '<username>alice</username>', 415, 'unsupported_media_type'],
  ['JSON of an unknown charset', `${json}; charset=x-none`, '{}', 415, 'unsupported_media_type'],
]

describe.each(paths)('%s', (path) => {
  test.each(unreadable)('refuses %s', async (_what, type, body, status, code) => {
    const headers = { accept: json, 'content-type': type }
    expectOwnProblem(await passed.ask(path, { method: 'POST', headers, body }), status, code)
  })

  test('refuses a compressed body', async () => {
    const headers = { accept: json, 'content-type': json, 'content-encoding': 'lzma' }
    const answer = await passed.ask(path, { method: 'POST', headers, body: '{}' })
    expectOwnProblem(answer, 415, 'unsupported_media_type')
  })
})

const wrong: readonly unknown[] = [
  ...[null, true, 7, '', ' ', '\u0000', 'a\nb', '\ud800', 'x'.repeat(201)],
  ...[[], ['alice'], {}, { toString: 'alice' }, { $ne: null }],
]

/** An amount may be a number, and a phone may be left out. */
function isRight(field: string, value: unknown): boolean {
  if (field === 'amount') return value === 7
  return field === 'phone' && (value === null || (typeof value === 'string' && /^ ?$/.test(value)))
}

describe.each([
  ['/login', { username: 'alice', password: 'wonderland-7' }],
  ['/register', { username: 'nina', password: 'a-password', phone: '+33612345678' }],
  ['/transfer', { to: 'bob', amount: 1 }],
  ['/password', { current: 'wonderland-7', password: 'another-password' }],
])('%s', (path, right) => {
  const fields = Object.keys(right)

  test.each(fields)('refuses every %s that is not a string of reasonable length', async (field) => {
    const values = field === 'amount' ? [...wrong, 0, -1, '-1', '1e3', '0', 'NaN'] : wrong
    for (const value of values.filter((each) => !isRight(field, each))) {
      const answer = await passed.post(path, { ...right, [field]: value })
      expect([JSON.stringify(value), answer.status]).toEqual([JSON.stringify(value), 400])
      expectOwnProblem(answer, 400, 'malformed_request')
    }
    const twice = `${new URLSearchParams(right as Record<string, string>).toString()}&${field}=again`
    const answer = await passed.submit(path, {})
    expect(answer.status).toBe(400)
    const headers = { accept: json, 'content-type': form }
    const doubled = await passed.ask(path, { method: 'POST', headers, body: twice })
    expectOwnProblem(doubled, 400, 'malformed_request')
  })
})

describe('the example', () => {
  test('logs nothing about bad requests, and keeps running', async () => {
    expect((await example.browser().get('/healthz')).status).toBe(200)
    expect(example.output().trim().split('\n')).toEqual([
      expect.stringMatching(/^Listening on /),
      expect.stringMatching(/^\[second factor\] to /),
    ])
  })

  test('creates no user from a refused request', async () => {
    const login = { username: 'nina', password: 'a-password' }
    expectOwnProblem(await example.browser().post('/login', login), 401, 'login_failed')
  })
})
