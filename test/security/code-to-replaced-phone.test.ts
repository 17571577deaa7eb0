/**
 * The attacker holds a phone that the user has replaced, and a code that was sent to it earlier: the code must be
 * worthless.
 */

import { expect, test } from 'vitest'

import { openHeadless } from '../support/headless.js'

test.each<[string, string | null, string]>([
  ['another phone', '+14155550177', 'no_challenge'],
  ['no phone', null, 'destination_missing'],
])('verify(user, code) refuses it where the user has %s by now', async (_what, phone, code) => {
  const headless = openHeadless()
  const { alice, store } = headless

  await headless.secondFactor.start(alice)
  const [old = ''] = headless.codes()
  const before = await store.read('1')
  alice.phone = phone
  expect(await headless.secondFactor.verify(alice, old)).toMatchObject({ status: 'refused', code })
  // Nothing was judged: neither a failure nor a success is kept.
  expect(await store.read('1')).toEqual(before)
})

test('verify(user, code) accepts the code when the same phone is spelt differently', async () => {
  const headless = openHeadless()
  const { alice } = headless

  await headless.secondFactor.start(alice)
  alice.phone = '+237 6 71 23 45 67'
  expect(await headless.secondFactor.verify(alice, headless.codes()[0] ?? '')).toMatchObject({
    status: 'passed',
  })
})
