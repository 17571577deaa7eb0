/**
 * `hasFactors` and `setHasFactors`: the application remembers who holds factors, from before the first to after the
 * last, and until all is erased.
 */

import { describe, expect, test } from 'vitest'

import { recoveryCodes, totp } from '../../src/index.js'
import { appCode } from '../support/authenticator.js'
import { mount, setUpApp, startHeldApp } from '../support/held-app.js'
import { beginApp, confirmApp, heldIds } from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

const alice = { id: 1, username: 'alice' }

describe('the application’s memory of who holds factors', () => {
  /** An application that writes down what it was told, and when. */
  async function watched(options: Parameters<typeof startHeldApp>[0] = {}) {
    const told: string[] = []
    const has = new Set<number>()
    const app = await startHeldApp({
      factors: [totp(), recoveryCodes()],
      users: {
        id: ({ id }) => id,
        hasFactors: ({ id }) => has.has(id),
        async setHasFactors({ id }, value) {
          const row = await app.store.read(String(id))
          told.push(`${value} while ${row?.factors['totp']?.held === true ? 'held' : 'not held'}`)
          if (value) has.add(id)
          else has.delete(id)
        },
      },
      ...options,
    })
    return { app, told, [Symbol.asyncDispose]: () => app.close() }
  }

  test('is set before the first factor is written, and cleared after the last is removed', async () => {
    await using scene = await watched({ enrolment: { when: 'optional' } })
    const { app, told } = scene
    const { browser } = await setUpApp(app)
    expect(told).toEqual(['true while not held'])
    const { setup, secret: own } = await beginApp(browser)
    await confirmApp(browser, setup, appCode(own, app.clock.now))
    expect(told).toHaveLength(1)
    const [id = ''] = await heldIds(browser)
    await browser.delete(`${mount}/factors/${id}`)
    expect(told).toEqual(['true while not held', 'false while not held'])
  })

  test('is corrected again if the first code was wrong', async () => {
    await using scene = await watched()
    const { app, told } = scene
    const jar = await app.login('alice')
    const { setup } = await beginApp(jar)
    await confirmApp(jar, setup, '000000')
    expect(told).toEqual(['true while not held', 'false while not held'])
  })

  test('prevents enrolment if it cannot be set', async () => {
    await using app = await startHeldApp({
      users: {
        id: ({ id }) => id,
        hasFactors: () => false,
        setHasFactors: () => Promise.reject(new Error('read only')),
      },
    })
    const jar = await app.login('alice')
    const { setup, secret: own } = await beginApp(jar)
    const answer = await confirmApp(jar, setup, appCode(own, app.clock.now))
    expect(answer.status).toBe(503)
    expect((await rowOf(app.store, '1')).factors).not.toHaveProperty('totp')
    expect(await isIn(jar)).toBe(false)
  })
})

test('forget erases everything, and the next login starts afresh', async () => {
  await using app = await startHeldApp()
  const { browser } = await setUpApp(app)
  await app.secondFactor.forget(alice)
  expect(await app.store.read('1')).toBeNull()
  expect(await isIn(browser)).toBe(false)
  const again = await app.login('alice')
  expect((await again.get(`${mount}/`)).json).toMatchObject({ enrolment: { held: [] } })
})
