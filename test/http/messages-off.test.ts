/** Anyone who holds another factor can turn codes by message off, and on again. */

import { describe, expect, test } from 'vitest'

import { mount } from '../support/held-app.js'
import {
  giveApp,
  heldIds,
  outcomeIn,
  setUpBesideMessages,
  startWithMessages,
} from '../support/held-deeds.js'
import { rowOf } from '../support/rows.js'

const path = `${mount}/factors/messages`

test('while off, no code is sent or accepted; once on, codes work again', async () => {
  await using app = await startWithMessages()
  const { browser } = await setUpBesideMessages(app)
  const off = await browser.post(path, { on: false })
  expect([off.status, off.json]).toEqual([200, { messages: false }])
  const sent = app.inbox.inbox().length
  const jar = await app.login('alice')
  expect((await jar.get(`${mount}/`)).json).toMatchObject({
    methods: ['totp'],
    enrolment: { held: ['totp'] },
  })
  const asked = await jar.post(`${mount}/challenge`, { method: 'sms' })
  expect(asked.status).toBeGreaterThanOrEqual(400)
  const tried = await jar.post(`${mount}/verify`, { method: 'sms', code: '123456' })
  expect(tried.status).toBeGreaterThanOrEqual(400)
  expect(app.inbox.inbox()).toHaveLength(sent)

  const on = await browser.post(path, { on: true })
  expect([on.status, on.json]).toEqual([200, { messages: true }])
  app.clock.advance(60)
  expect((await jar.post(`${mount}/challenge`, { method: 'sms' })).status).toBe(201)
  const code = app.inbox.inbox()[0]?.code
  expect(outcomeIn(await jar.post(`${mount}/verify`, { method: 'sms', code }))).toBe('passed')
})

test('they cannot be turned off without another factor, and the last other factor cannot be removed while they are off', async () => {
  await using app = await startWithMessages()
  const bob = await app.login('bob')
  await bob.post(`${mount}/verify`, { code: app.inbox.inbox()[0]?.code })
  const refused = await bob.post(path, { on: false })
  expect([refused.status, outcomeIn(refused)]).toEqual([409, 'last_factor'])

  const { browser } = await setUpBesideMessages(app)
  await browser.post(path, { on: false })
  const [id = ''] = await heldIds(browser)
  const kept = await browser.delete(`${mount}/factors/${id}`)
  expect([kept.status, outcomeIn(kept)]).toEqual([409, 'last_factor'])
})

describe('somebody else tries to turn them off', () => {
  test('with the password alone or an old pass: nothing changes', async () => {
    await using app = await startWithMessages()
    const { browser } = await setUpBesideMessages(app)
    const before = await rowOf(app.store, '1')
    const thief = await app.login('alice')
    expect(outcomeIn(await thief.post(path, { on: false }))).toBe('second_factor_required')
    app.clock.advance(301)
    expect(outcomeIn(await browser.post(path, { on: false }))).toBe('second_factor_stale')
    expect(await rowOf(app.store, '1')).toEqual(before)
  })

  test('from another site: nothing changes', async () => {
    await using app = await startWithMessages()
    const { browser } = await setUpBesideMessages(app)
    const answer = await browser.ask(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'cross-site',
      },
      body: 'on=false',
    })
    expect(answer.status).toBe(403)
  })
})

test.each([{}, { on: 'maybe' }, { on: 0 }, { on: null }, { on: ['false'] }])(
  '%j is malformed',
  async (body) => {
    await using app = await startWithMessages()
    const { browser } = await setUpBesideMessages(app)
    expect((await browser.post(path, body)).status).toBe(400)
  },
)

test('a form leads back to the list', async () => {
  await using app = await startWithMessages()
  const { browser, code } = await setUpBesideMessages(app)
  const answer = await browser.submit(path, { on: 'false' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${mount}/factors`])
  app.clock.advance(60)
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('passed')
})
