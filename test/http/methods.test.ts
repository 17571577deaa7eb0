/** Which methods each path supports, and which paths are left to the application. */

import { METHODS } from 'node:http'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { expectRefusedForm } from '../support/problem.js'
import { rawRequest } from '../support/raw-request.js'

const allowed = [
  ['/second-factor/', ['GET', 'HEAD']],
  ['/second-factor', ['GET', 'HEAD']],
  ['/second-factor/challenge', ['DELETE', 'POST']],
  ['/second-factor/verify', ['POST']],
  ['/second-factor/cancel', ['POST']],
  ['/second-factor/phone', ['POST']],
  ['/second-factor/phone/verify', ['POST']],
] as const

/** `CONNECT` never reaches a handler of Node's server, and `M-SEARCH`, `QUERY` and the like are as odd as `PURGE`. */
const methods = METHODS.filter((method) => method !== 'CONNECT')

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

describe.each(allowed)('%s', (path, names) => {
  test(`supports ${names.join(' and ')}, and refuses every other method with 405 and Allow`, async () => {
    const alice = await app.login('alice')
    const cookie = [...alice.cookies].map((pair) => pair.join('=')).join('; ')
    const before = { row: await app.store.read('1'), messages: app.inbox.inbox().length }
    for (const method of methods.filter((each) => !names.some((name) => name === each))) {
      const answer = await rawRequest(app.url, { method, path, headers: { cookie } })
      expect([method, answer.status]).toEqual([method, 405])
      expect(answer.headers.allow?.split(', ').sort()).toEqual(names)
      expect(answer.headers['cache-control']).toBe('no-store')
      if (method !== 'HEAD') {
        expect(JSON.parse(answer.text)).toEqual({
          ...{ type: 'about:blank', title: 'Method Not Allowed', status: 405 },
          ...{
            detail: 'This address doesn’t take that kind of request.',
            code: 'method_not_allowed',
          },
        })
      }
    }
    expect({ row: await app.store.read('1'), messages: app.inbox.inbox().length }).toEqual(before)
  })
})

test('a method override is ignored', async () => {
  const alice = await app.login('alice')
  const answer = await alice.ask('/second-factor/challenge?_method=DELETE', {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'x-http-method-override': 'DELETE',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: '_method=DELETE',
  })
  expect(answer.json['code']).toBe('cooldown')
})

test.each(['/challenge', '/verify', '/cancel', '/phone/verify'])(
  'a browser that opens a form’s address, %s, is led to the page',
  async (path) => {
    const alice = await app.login('alice')
    const answer = await alice.page(`/second-factor${path}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/second-factor/'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
  },
)

describe('below the mount path', () => {
  test.each(['/nothing', '/verify/more', '/challenge/1', '/phone/verify/more', '/verify.json'])(
    '%s is left to the application',
    async (path) => {
      const alice = await app.login('alice')
      for (const answer of [
        await alice.get(`/second-factor${path}`),
        await alice.post(`/second-factor${path}`, { code: app.codeFor('alice') }),
      ]) {
        expect(answer.status).toBe(404)
        expect(answer.text).toContain('Cannot ')
        expect(answer.headers.get('cache-control')).toBe(null)
      }
    },
  )

  test('the phone endpoints do not exist if the application stores no phones', async () => {
    await app.close()
    app = await startTestApp({
      secondFactor: { users: { id: (user) => user.id, phone: (user) => user.phone } },
    })
    const alice = await app.login('alice')
    await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    const phone = await alice.post('/second-factor/phone', { phone: '+237671234567' })
    const verify = await alice.post('/second-factor/phone/verify', { code: '123456' })
    expect([phone.status, verify.status]).toEqual([404, 404])
    expect((await alice.page('/second-factor/')).text).not.toContain('/phone')
  })

  test('nor are they offered to a user without a phone', async () => {
    await app.close()
    app = await startTestApp({
      secondFactor: { users: { id: (user) => user.id, phone: (user) => user.phone } },
    })
    const carol = await app.login('carol')
    expect((await carol.page('/second-factor/')).text).not.toContain('/phone')
    const refused = await carol.submit('/second-factor/challenge')
    const page = await expectRefusedForm(carol, refused, /no phone number on your account/)
    expect(page.text).not.toContain('/phone')
  })
})
