/**
 * The row with the victim's factors is gone: Redis restarted without persistence, somebody deleted a key, or an older
 * backup was restored. The attacker knows the password and hopes that a user without factors may go on without, or
 * enrol one.
 */

import { describe, expect, test } from 'vitest'

import { mount, setUpApp, setUpCodes, startHeldApp, type HeldApp } from '../support/held-app.js'
import { beginApp, confirmApp, giveApp, giveRecovery, outcomeIn } from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

const lost = [503, 'factors_lost']

const closed = async (app: HeldApp, thief = app.login('alice')) => {
  const jar = await thief
  const answers = [
    await jar.get('/account'),
    await jar.get(`${mount}/`),
    await jar.post(`${mount}/factors/totp`, {}),
    await jar.post(`${mount}/factors/recovery`, {}),
    await jar.post('/transfer'),
  ]
  for (const answer of answers) expect([answer.status, outcomeIn(answer)]).toEqual(lost)
  expect((await jar.page('/account')).status).toBeGreaterThanOrEqual(303)
  const page = await jar.page(`${mount}/factors`)
  expect(page.text).not.toContain(`action="${mount}/factors`)
  expect((await jar.post('/login', { username: 'alice', password: 'password' })).json).toEqual({
    next: `${mount}/`,
    refusal: { code: 'factors_lost' },
  })
  expect(app.events.map(({ type }) => type)).toContain('factors_lost')
}

describe.each(['optional', 'required'] as const)('a factor is %s', (when) => {
  test('and its row is deleted: the gate stays closed, and nothing can be enrolled', async () => {
    await using app = await startHeldApp({ enrolment: { when } })
    await setUpApp(app)
    await app.store.delete('1')
    await closed(app)
    expect(await app.store.read('1')).toBeNull()
    expect(app.remembered.has(1)).toBe(true)
  })

  test('and an older backup is restored: the gate stays closed too', async () => {
    await using app = await startHeldApp({ enrolment: { when } })
    await app.login('alice')
    const before = await app.store.read('1')
    await setUpApp(app)
    await app.store.delete('1')
    if (before !== null) await app.store.compareAndSwap('1', null, before)
    await closed(app)
  })

  test('and a grace period opens nothing either', async () => {
    await using app = await startHeldApp({ enrolment: { when, graceSeconds: 86_400 } })
    await setUpApp(app)
    await app.store.delete('1')
    await closed(app)
  })
})

test('a session that has passed is out once its row is gone', async () => {
  await using app = await startHeldApp()
  const { browser } = await setUpApp(app)
  expect(await isIn(browser)).toBe(true)
  await app.store.delete('1')
  expect(await isIn(browser)).toBe(false)
})

describe('when the row is lost during a setup', () => {
  test('confirming it enrols nothing, and the application still remembers the factor', async () => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const { setup, secret } = await beginApp(browser)
    const { appCode } = await import('../support/authenticator.js')
    await app.store.delete('1')
    const answer = await confirmApp(browser, setup, appCode(secret, app.clock.now))
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(app.remembered.has(1)).toBe(true)
    await closed(app)
  })

  test('an attacker’s setup from before the first factor enrols nothing', async () => {
    await using app = await startHeldApp()
    const thief = await app.login('alice')
    const { setup, secret } = await beginApp(thief)
    const { appCode } = await import('../support/authenticator.js')
    await setUpApp(app)
    await app.store.delete('1')
    const answer = await confirmApp(thief, setup, appCode(secret, app.clock.now))
    expect([answer.status, outcomeIn(answer)]).toEqual(lost)
    expect(app.remembered.has(1)).toBe(true)
    expect(await isIn(thief)).toBe(false)
  })
})

test('wrong codes never make the application forget', async () => {
  await using app = await startHeldApp()
  await setUpApp(app)
  const ticket = await app.secondFactor.resetFactors(
    { id: 1, username: 'alice' },
    { actor: 'carol', reason: 'lost phone' },
  )
  const owner = await app.login('alice')
  expect(outcomeIn(await giveRecovery(owner, ticket?.code))).toBe('passed')
  const { setup } = await beginApp(owner)
  expect(outcomeIn(await confirmApp(owner, setup, '000000'))).toBe('code_incorrect')
  expect(app.remembered.has(1)).toBe(true)
})

test('a wrong code for a first factor leaves the account as it was: nothing is remembered', async () => {
  await using app = await startHeldApp({ enrolment: { when: 'optional' } })
  const owner = await app.login('alice')
  const { setup } = await beginApp(owner)
  expect(outcomeIn(await confirmApp(owner, setup, '000000'))).toBe('code_incorrect')
  expect(app.remembered.has(1)).toBe(false)
  expect(await isIn(owner)).toBe(true)
})

test('when the row comes back, so do the factors', async () => {
  await using app = await startHeldApp()
  const { browser, code } = await setUpApp(app)
  const codes = await setUpCodes(browser)
  const row = await rowOf(app.store, '1')
  await app.store.delete('1')
  await closed(app)
  await app.store.compareAndSwap('1', null, row)
  app.clock.advance(60)
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('passed')
  expect(outcomeIn(await giveRecovery(await app.login('alice'), codes[0]))).toBe('passed')
})

test('an operator’s reset restores access, with a ticket that the attacker does not have', async () => {
  await using app = await startHeldApp()
  await setUpApp(app)
  await app.store.delete('1')
  const ticket = await app.secondFactor.resetFactors(
    { id: 1, username: 'alice' },
    { actor: 'carol', reason: 'lost row' },
  )
  const thief = await app.login('alice')
  expect(outcomeIn(await thief.post(`${mount}/factors/totp`, {}))).toBe('second_factor_required')
  const owner = await app.login('alice')
  expect(outcomeIn(await giveRecovery(owner, ticket?.code))).toBe('passed')
  expect((await beginApp(owner)).setup).not.toBe('')
})

test('a callback that fails, hangs or returns nonsense keeps the account closed', async () => {
  const answers: unknown[] = [1, 'no', {}, '0']
  for (const answer of answers) {
    await using app = await startHeldApp({
      enrolment: { when: 'optional' },
      users: {
        id: ({ id }) => id,
        hasFactors: () => answer as boolean,
        setHasFactors: () => undefined,
      },
    })
    const jar = await app.login('alice')
    expect([answer, (await jar.get('/account')).status]).toEqual([answer, 503])
  }
  await using app = await startHeldApp({
    enrolment: { when: 'optional' },
    users: {
      id: ({ id }) => id,
      hasFactors: () => Promise.reject(new Error('the database is down')),
      setHasFactors: () => undefined,
    },
  })
  const jar = await app.login('alice')
  expect(await isIn(jar)).toBe(false)
  expect((await jar.post(`${mount}/factors/totp`, {})).status).toBeGreaterThanOrEqual(500)
})
