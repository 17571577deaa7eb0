/**
 * The attacker reads the application's log. If user ids are phones, every event would reveal one; no event may contain
 * one.
 */

import { afterEach, expect, test } from 'vitest'

import { maskedSubject } from '../../src/core/subject.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'

let app: TestApp | undefined
afterEach(() => app?.close())

test.each(['+237671234567', '00237671234567', 'tenant-7:+237 671-23-45-67'])(
  'no event shows a phone used as a user id: %s',
  async (id) => {
    app = await startTestApp({
      secondFactor: { users: { id: () => id, phone: () => '+237671234567' } },
    })
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    await alice.post('/second-factor/verify', { code: wrongCode(code) })
    await alice.post('/second-factor/verify', { code })
    await app.secondFactor.reset(app.users[0] as Express.User)
    const types = new Set(app.events.map(({ type }) => type))
    expect(types.size).toBeGreaterThan(3)
    expect(JSON.stringify(app.events).replace(/[\s-]/g, '')).not.toMatch(/6712345|2345/)
    expect(JSON.stringify(app.events)).toContain('••••67')
  },
)

test.each([
  ['+237671234567', '••••67'],
  ['\u202A+237 6 71 23 45 67\u202C', '\u202A••••67\u202C'],
  ['＋２３７６７１２３４５６７', '••••６７'],
  ['sms:+1 (415) 555-0123', 'sms:••••23'],
  ['0014155550123', '••••23'],
  ['tel:+237671234567', 'tel:••••67'],
])('an id that reads like an international number is masked: %s', (id, shown) => {
  expect(maskedSubject(id)).toBe(shown)
})

test.each([
  ...[
    '1',
    '42',
    '1234567890',
    '1767225600000',
    '175928847299117063',
    'alice',
    'alice+1@example.com',
  ],
  ...['0000012345', '0012345678', '5f0c6c1e-9b1d-4b5e-8f5e-001234567890', 'a00123456789012'],
])('any other id is shown, so that an operator finds the user: %s', (id) => {
  expect(maskedSubject(id)).toBe(id)
})
