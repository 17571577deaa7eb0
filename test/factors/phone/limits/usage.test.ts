/** Operators can see how much of the shared limits is used. */

import { expect, test } from 'vitest'

import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import { ConfigurationError, StoreUnavailableError } from '../../../../src/core/errors.js'
import { newId } from '../../../../src/core/random.js'
import { begin, guess } from '../../../flows/rig.js'
import { hour } from '../../../support/clock.js'
import { openLimited, phoneInRow } from '../../../support/limited-rig.js'
import { india } from '../../../support/phones.js'

const rules = {
  application: { perHour: 20, perDay: 100 },
  country: { perDay: 50, only: { CM: { perDay: 10 } } },
  spend: { perDay: 5, currency: 'USD', price: { CM: 0.25, '*': 1 } },
} as const

test('shows each limit with its use, and the countries with their codes', async () => {
  const rig = openLimited({ counts: memoryCounts(), rules })
  for (let n = 0; n < 3; n += 1) {
    const subject = newId()
    const destination = phoneInRow(n, '+23767123')
    const sessionKey = await begin(rig, { subject, purpose: 'enrolment', destination })
    if (n === 0) await guess(rig, { subject, purpose: 'enrolment', sessionKey })
  }
  await rig.send({ destination: india, purpose: 'sign-in', phoneClass: 'known' })
  await rig.phone.limits?.close()
  const usage = await rig.phone.limits?.usage({ prefixes: ['+23767123'], countries: ['IN'] })
  const currency = null
  expect(usage?.limits).toEqual([
    { rule: 'application', counter: '~~', window: 'hour', used: 4, limit: 20, currency },
    { rule: 'application', counter: '~~', window: 'day', used: 4, limit: 100, currency },
    { rule: 'application', counter: '~~n', window: 'hour', used: 3, limit: 10, currency },
    { rule: 'application', counter: '~~n', window: 'day', used: 3, limit: 50, currency },
    { rule: 'spend', counter: '~$', window: 'day', used: 1.75, limit: 5, currency: 'USD' },
    { rule: 'spend', counter: '~$n', window: 'day', used: 0.75, limit: 2.5, currency: 'USD' },
    { rule: 'country', counter: '~c:CM', window: 'day', used: 3, limit: 10, currency },
    { rule: 'country', counter: '~c:IN', window: 'day', used: 0, limit: 50, currency },
    { rule: 'prefix', counter: 'p:+23767123', window: 'hour', used: 3, limit: 20, currency },
    { rule: 'prefix', counter: 'p:+23767123', window: 'day', used: 3, limit: 50, currency },
  ])
  expect(usage?.countries).toEqual([
    { country: 'CM', sent: 3, verified: 1 },
    { country: 'IN', sent: 0, verified: 0 },
  ])
  rig.now += 3 * hour
  const later = await rig.phone.limits?.usage({ hours: 2 })
  expect(later?.countries).toEqual([{ country: 'CM', sent: 0, verified: 0 }])
})

test('rejects if the counts do not respond, because zeros would be wrong', async () => {
  const sums = () => Promise.reject(new Error('gone'))
  const rig = openLimited({ counts: { ...memoryCounts(), sums } })
  await expect(rig.phone.limits?.usage()).rejects.toThrow(StoreUnavailableError)
})

test.each([
  { hours: 0 },
  { hours: 337 },
  { hours: 1.5 },
  { countries: ['cm'] },
  { prefixes: ['23767'] },
  { days: 1 },
])('refuses %j', async (options) => {
  const rig = openLimited({ counts: memoryCounts() })
  await expect(rig.phone.limits?.usage(options as never)).rejects.toThrow(ConfigurationError)
})
