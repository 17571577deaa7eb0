/** A verifier learns which phones are known to be the user's, and which could be anybody's. */

import { afterEach, expect, test } from 'vitest'

import type { HostedStart, HostedVerifier } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'

let app: TestApp
afterEach(() => app.close())

test('a phone is known once it is verified and not before', async () => {
  const starts: HostedStart[] = []
  const verifier: HostedVerifier = {
    channels: ['sms'],
    codeLength: 6,
    start: (request) => {
      starts.push(request)
      return Promise.resolve({ status: 'started', ref: `V${starts.length}` })
    },
    check: () => Promise.resolve({ status: 'approved' }),
    cancel: () => Promise.resolve(),
  }
  app = await startTestApp({
    verifier,
    secondFactor: {
      users: {
        id: ({ id }) => id,
        phone: (user) => user.phone && { number: user.phone, verified: user.verified },
        setVerifiedPhone: (user, phone) => Object.assign(user, { phone, verified: true }),
        findByPhone: (phone) => app.users.find((user) => user.phone === phone) ?? null,
      },
    },
    routes: (express, secondFactor) => {
      express.use('/otp', secondFactor.phoneVerificationRouter())
    },
  })
  await app.login('alice')
  const erin = await app.login('erin')
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: '+14155550199' })
  app.clock.advance(30)
  await carol.post('/second-factor/challenge')
  await carol.post('/otp/generate', { phone_number: '+237671234567' })
  await erin.post('/second-factor/verify', { code: '123456' })
  await erin.post('/second-factor/challenge')
  expect(starts.map(({ to, isVerified }) => [to.slice(-2), isVerified])).toEqual([
    ...[
      ['67', true],
      ['23', false],
      ['99', false],
      ['99', false],
      ['67', false],
    ],
    ['23', true],
  ])
})
