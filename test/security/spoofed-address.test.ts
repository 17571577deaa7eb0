/**
 * The attacker sends each request from a different address, or claims one in a proxy header, to get a fresh budget
 * each time. No per-user budget may depend on an address.
 */

import { afterEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { isIn } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
afterEach(() => app.close())

describe.each([false, 1, true])('with `trust proxy` %s', (trusts) => {
  test('a new address with each request gains neither guesses nor messages', async () => {
    app = await startTestApp({ before: (server) => server.set('trust proxy', trusts) })
    let at = 0
    const post = async (path: string, body: object) => {
      at += 1
      const address = `203.0.113.${String(at % 250)}`
      const { status, json } = await attacker.ask(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          ...{ 'content-type': 'application/json', 'x-forwarded-for': `${address}, ${address}` },
          ...{ forwarded: `for=${address}`, 'x-real-ip': address, 'cf-connecting-ip': address },
        },
      })
      return typeof json['code'] === 'string' ? json['code'] : String(status)
    }
    const attacker = await app.login('alice')
    const said: string[] = []
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 5; n += 1) {
        said.push(await post('/second-factor/verify', { code: wrongCode(app.codeFor('alice')) }))
        await post('/second-factor/challenge', {})
      }
      app.clock.advance(60)
      await post('/second-factor/challenge', {})
    }
    expect(said.filter((code) => code === 'code_incorrect')).toHaveLength(10)
    expect(said.slice(10)).toEqual(Array(5).fill('locked_out'))
    expect((await rowOf(app.store, '1')).failures).toBe(10)
    expect(app.inbox.inbox()).toHaveLength(2)
    expect(await isIn(attacker)).toBe(false)
  })
})
