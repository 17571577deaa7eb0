/** Content negotiation between JSON and pages, and the headers of every router response. */

import express from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { expectProblem, expectRefusedForm } from '../support/problem.js'
import { rawRequest } from '../support/raw-request.js'

const form = 'application/x-www-form-urlencoded'
const chrome = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

describe('a request that accepts JSON gets JSON, a browser gets pages', () => {
  test.each([
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['application/json, text/html;q=0.9', 'application/json'],
    ['application/problem+json', 'application/json'],
    ['text/plain', 'application/json'],
    [chrome, 'text/html'],
    ['text/html', 'text/html'],
  ])('Accept: %s gets %s', async (accept, type) => {
    const alice = await app.login('alice')
    const answer = await alice.ask('/second-factor/', { headers: { accept } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
  })

  test('a request without an Accept header gets JSON', async () => {
    const answer = await rawRequest(app.url, { method: 'GET', path: '/second-factor/' })
    expect(answer.status).toBe(401)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })

  test('a form that accepts JSON gets JSON', async () => {
    const alice = await app.login('alice')
    const headers = { accept: 'application/json', 'content-type': form }
    const body = `code=${app.codeFor('alice')}`
    const answer = await alice.ask('/second-factor/verify', { method: 'POST', headers, body })
    expect(answer.status).toBe(200)
    expect(answer.json['status']).toBe('passed')
  })

  test('a request that sends JSON gets JSON, whatever it accepts', async () => {
    const alice = await app.login('alice')
    const headers = { accept: chrome, 'content-type': 'application/json' }
    const code = app.codeFor('alice')
    const send = (typed: string) => {
      const body = JSON.stringify({ code: typed })
      return alice.ask('/second-factor/verify', { method: 'POST', headers, body })
    }
    expectProblem(await send(wrongCode(code)), 'code_incorrect', { attemptsLeft: 4 })
    expect((await send(code)).json['status']).toBe('passed')
  })

  test('a browser form is led to its page if refused, and onwards if not', async () => {
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    const wrong = await alice.submit('/second-factor/verify', { code: wrongCode(code) })
    await expectRefusedForm(alice, wrong, /You have 4 tries left/)
    const right = await alice.submit('/second-factor/verify', { code })
    expect([right.status, right.headers.get('location')]).toEqual([303, '/account'])
  })

  test('a form with a charset, in any letter case, is a form', async () => {
    const alice = await app.login('alice')
    const headers = {
      accept: chrome,
      'content-type': 'Application/X-WWW-Form-URLEncoded; charset=UTF-8',
    }
    const body = `code=${app.codeFor('alice')}`
    const answer = await alice.ask('/second-factor/verify', { method: 'POST', headers, body })
    expect(answer.status).toBe(303)
  })
})

describe('every response of the router is kept out of caches', () => {
  test('whatever its status', async () => {
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    const answers = [
      await app.browser().get('/second-factor/'),
      await app.browser().page('/second-factor/'),
      await alice.get('/second-factor/'),
      await alice.page('/second-factor/'),
      await alice.post('/second-factor/challenge'),
      await alice.ask('/second-factor/', { method: 'PUT' }),
      await alice.ask('/second-factor/verify', {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site' },
      }),
      await alice.post('/second-factor/verify', []),
      await alice.post('/second-factor/verify', { code: wrongCode(code) }),
      await alice.ask('/second-factor/', { method: 'HEAD' }),
      await alice.submit('/second-factor/verify', { code }),
      await alice.post('/second-factor/challenge'),
      await alice.delete('/second-factor/challenge'),
    ]
    expect(answers.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual(
      [401, 303, 200, 200, 429, 405, 403, 400, 403, 200, 303, 201, 204].map((status) => [
        status,
        'no-store',
      ]),
    )
  })
})

describe('bodies that the application has already parsed', () => {
  const parsers = {
    'express.json()': express.json(),
    'express.urlencoded({ extended: true })': express.urlencoded({ extended: true }),
    'express.text()': express.text(),
    'express.raw()': express.raw(),
  }
  const orders = Object.entries(parsers).map(([name, parser]) => [name, [parser]] as const)
  test.each([['no parser', []], ...orders, ['all of them', Object.values(parsers)]] as const)(
    'behind %s both JSON and forms are read',
    async (_name, handlers) => {
      await app.close()
      app = await startTestApp({
        before: (express_) => {
          for (const parser of handlers) express_.use(parser)
        },
      })
      for (const username of ['alice', 'bob']) {
        const person = await app.login(username)
        const code = app.codeFor(username)
        const json = await person.post('/second-factor/verify', { code: wrongCode(code) })
        expectProblem(json, 'code_incorrect', { attemptsLeft: 4 })
        expect((await person.submit('/second-factor/verify', { code })).status).toBe(303)
      }
    },
  )
})

test('a body that the application has parsed has the same size limit', async () => {
  await app.close()
  app = await startTestApp({ before: (express_) => express_.use(express.json()) })
  const alice = await app.login('alice')
  const body = { code: app.codeFor('alice'), padding: 'x'.repeat(4096) }
  expectProblem(await alice.post('/second-factor/verify', body), 'body_too_large')
})

describe('HEAD', () => {
  test('gets the same response as GET, without the body', async () => {
    const alice = await app.login('alice')
    const get = await alice.get('/second-factor/')
    const head = await alice.ask('/second-factor/', {
      method: 'HEAD',
      headers: { accept: 'application/json' },
    })
    expect([head.status, head.text]).toEqual([200, ''])
    for (const name of ['content-type', 'content-length', 'cache-control']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name))
    }
  })

  test('is led to the login page and through the gate like GET', async () => {
    const headers = { accept: chrome }
    const anonymous = await app.browser().ask('/second-factor/', { method: 'HEAD', headers })
    expect([anonymous.status, anonymous.headers.get('location')]).toEqual([303, '/login'])
    const alice = await app.login('alice')
    const gated = await alice.ask('/account', { method: 'HEAD', headers })
    expect([gated.status, gated.headers.get('location')]).toEqual([303, '/second-factor/'])
    const program = await alice.ask('/account', {
      method: 'HEAD',
      headers: { accept: 'application/json' },
    })
    expect([program.status, program.text]).toEqual([403, ''])
  })
})
