/** Calls without a request, for factors that people enrol. */

import { expect, test } from 'vitest'

import { consoleSender } from '../../src/index.js'
import { setUpApp, setUpCodes, startHeldApp, type Person } from '../support/held-app.js'

const alice = { id: 1, username: 'alice' }

test('a recovery code is reported, and the verified phone gets a message', async () => {
  const sender = consoleSender({ print: () => undefined })
  const phone = () => ({ number: '+4915112345678', verified: true })
  await using app = await startHeldApp({ sender, users: { id: ({ id }: Person) => id, phone } })
  const owner = await app.login('alice')
  await owner.post('/second-factor/verify', { code: sender.inbox()[0]?.code })
  const [code = ''] = await setUpCodes(owner)
  await expect.poll(() => sender.inbox().length).toBe(2)
  const passed = await app.secondFactor.verify(alice, code, { method: 'recovery-code' })
  expect(passed).toMatchObject({ status: 'passed', method: 'recovery-code' })
  expect(app.events.filter(({ type }) => type === 'recovery_code_used')).toMatchObject([
    { subject: '1', left: 9, isTicket: false },
  ])
  await expect.poll(() => sender.inbox().length).toBe(3)
})

test('a code requested after factors were lost is refused', async () => {
  const sender = consoleSender({ print: () => undefined })
  const phone = () => ({ number: '+4915112345678', verified: false })
  await using app = await startHeldApp({ sender, users: { id: ({ id }: Person) => id, phone } })
  await app.secondFactor.start(alice)
  const code = () => sender.inbox()[0]?.code ?? ''
  expect(await app.secondFactor.verify(alice, code())).toMatchObject({ status: 'passed' })
  await setUpApp(app)
  await app.store.delete('1')
  await app.secondFactor.start(alice)
  app.events.length = 0
  expect(await app.secondFactor.verify(alice, code())).toMatchObject({ code: 'factors_lost' })
  expect(app.events.map(({ type }) => type)).toEqual(['factors_lost'])
})
