/** File session stores report ENOENT for a missing session: it has ended, and nothing failed. */

import session from 'express-session'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'

/** Answers as `session-file-store` does. */
class FileStore extends session.MemoryStore {
  /** Runs when a request's session is read for the second time: before its pass is written. */
  atSecondRead: (() => void) | null = null
  #reads = 0

  override get(id: string, done: Parameters<session.MemoryStore['get']>[1]): void {
    if (this.atSecondRead !== null && (this.#reads += 1) === 2) this.atSecondRead()
    super.get(id, (error: unknown, data) => {
      const isMissing = data === undefined || data === null
      if (isMissing) done(Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }))
      else done(error, data)
    })
  }
}

let app: TestApp
let store: FileStore
beforeEach(async () => {
  store = new FileStore()
  app = await startTestApp({ sessionStore: store })
})
afterEach(() => app.close())

test('a session deleted while its code was judged has ended, and the response says so', async () => {
  const alice = await app.login('alice')
  store.atSecondRead = () => {
    for (const id of Object.keys(Reflect.get(store, 'sessions') as object)) store.destroy(id)
  }
  const answer = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  expect([answer.status, answer.json['code']]).toEqual([401, 'login_required'])
  expect(app.events.filter(({ type }) => type === 'fault')).toEqual([])
})

test('a login, a code and a logout work as with any other store', async () => {
  const alice = await app.login('alice')
  const { status } = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  expect(status).toBe(200)
  expect((await alice.get('/account')).status).toBe(200)
  expect((await alice.post('/logout')).status).toBeLessThan(400)
  expect((await alice.get('/account')).status).toBe(401)
})
