/** With several factors a request reads the user's row once, and never acts on a row that is outdated. */

import { expect, test } from 'vitest'

import type { SubjectState } from '../../src/core/state.js'
import { memoryStore, recoveryCodes, totp, type StateStore } from '../../src/index.js'
import { startHeldApp, mount, setUpApp } from '../support/held-app.js'

/** A store that lists its calls, and runs `behindRead` once after the next read. */
function watchedStore() {
  const store = memoryStore()
  const calls: string[] = []
  const watch = { behindRead: () => Promise.resolve(), calls, store }
  const watched: StateStore = {
    ...store,
    async read(subject) {
      calls.push('read')
      const row = await store.read(subject)
      const { behindRead } = watch
      watch.behindRead = () => Promise.resolve()
      await behindRead()
      return row
    },
    compareAndSwap(subject, version, next) {
      calls.push('write')
      return store.compareAndSwap(subject, version, next)
    },
  }
  return { watch, watched }
}

/** An application with an app, recovery codes and SMS, whose user has set the app up. */
async function scene() {
  const { watch, watched } = watchedStore()
  const phones = new Map<number, string>()
  const app = await startHeldApp({
    store: watched,
    factors: [totp(), recoveryCodes()],
    sender: { channel: 'sms', send: () => Promise.resolve({ status: 'sent' }) },
    users: { id: ({ id }) => id, phone: ({ id }) => phones.get(id) ?? null },
  })
  const { code } = await setUpApp(app)
  phones.set(1, '+237671234567')
  app.clock.now += 60_000
  /** Writes the row as another process would. */
  const rewrite = async (change: Partial<SubjectState>) => {
    const row = await watch.store.read('1')
    if (row === null) throw new Error('no row')
    await watch.store.compareAndSwap('1', row.version, {
      ...row,
      ...change,
      version: row.version + 1,
    })
  }
  const callsOf = async (request: () => Promise<unknown>) => {
    watch.calls.length = 0
    await request()
    return watch.calls.join(' ')
  }
  return { app, code, phones, watch, rewrite, callsOf, [Symbol.asyncDispose]: () => app.close() }
}

test('reads the row once for all that a request has to know of it', async () => {
  await using at = await scene()
  const { app, code, callsOf } = at
  expect(await callsOf(() => app.login('alice'))).toBe('read')
  const browser = await app.login('alice')
  expect(await callsOf(() => browser.get(`${mount}/`))).toBe('read')
  expect(await callsOf(() => browser.page(`${mount}/`))).toBe('read')
  expect(await callsOf(() => browser.post(`${mount}/verify`, { code: '000000' }))).toBe(
    'read write',
  )
  // The last read looks whether a logout came in meanwhile.
  expect(await callsOf(() => browser.post(`${mount}/verify`, { code: code() }))).toBe(
    'read write read',
  )
  // Bob holds nothing but his phone, so that his login sends a code.
  at.phones.set(2, '+237671234568')
  await app.login('bob')
  app.clock.now += 60_000
  expect(await callsOf(() => app.login('bob'))).toBe('read write')
})

test('refuses a right code if the user was locked after the row was read', async () => {
  await using at = await scene()
  const browser = await at.app.login('alice')
  at.watch.behindRead = () => at.rewrite({ lock: { tier: 'disabled', until: null } })
  const refused = await browser.post(`${mount}/verify`, { code: at.code() })
  expect(refused.json).toMatchObject({ code: 'locked_out' })
})

test('passes a right code if the user was unlocked after the row was read', async () => {
  await using at = await scene()
  const browser = await at.app.login('alice')
  await at.rewrite({ lock: { tier: 'disabled', until: null } })
  at.watch.behindRead = () => at.rewrite({ lock: { tier: 0, until: null } })
  const passed = await browser.post(`${mount}/verify`, { code: at.code() })
  expect(passed.json).toMatchObject({ status: 'passed' })
})
