/** The endpoints without a login when Twilio owns the codes: the same responses, and the phone is saved once. */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { inParallel } from '../../src/testing/contract-fixtures.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, twilioFault, type HostedApp } from '../support/hosted-app.js'
import { cameroon } from '../support/phones.js'
import { expectProblem } from '../support/problem.js'

let app: HostedApp
let kept: string[]
beforeEach(async () => {
  kept = []
  app = await startHostedApp({
    secondFactor: {
      users: {
        id: ({ id }) => id,
        phone: ({ phone }) => phone,
        findByPhone: (wanted) => app.users.find(({ phone }) => phone === wanted),
        setVerifiedPhone: (_user, phone) => kept.push(phone),
      },
    },
    routes: (server, secondFactor) => server.use('/otp', secondFactor.phoneVerificationRouter()),
  })
})
afterEach(async () => {
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

const post = (path: string, body: object) => app.browser().post(`/otp/${path}/`, body)
const generate = (phone_number = '+237 671 23 45 67') => post('generate', { phone_number })
const verify = (otp: string, phone_number = cameroon) => post('verify', { phone_number, otp })
const code = () => app.twilio.verifications.at(-1)?.code ?? ''

test('the right code marks the user verified, once even under a double submit', async () => {
  expect((await generate()).json).toMatchObject({ expires_in: 300 })
  const otp = code()
  const answers = await inParallel(2, () => verify(otp))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  expect(kept).toEqual([cameroon])
  expect(app.asked().start).toEqual([{ To: cameroon, Channel: 'sms', DeviceIp: '127.0.0.1' }])
})

test('a phone of no user is reported only after its right code', async () => {
  const nobodys = '+14155550199'
  await generate(nobodys)
  expectProblem(
    await verify(wrongCode(code()), nobodys),
    'code_incorrect',
    { attemptsLeft: 4 },
    400,
  )
  expectProblem(await verify(code(), nobodys), 'unknown_number')
  expect(kept).toEqual([])
})

test('Twilio’s refusals and lost responses look the same as at the other endpoints', async () => {
  app.twilio.script(twilioFault(429, 60203, '90'))
  expect((await generate()).headers.get('retry-after')).toBe('90')
  app.clock.advance(5)
  await generate()
  const otp = code()
  app.twilio.script({ kind: 'reset', accepted: true })
  expect((await verify(otp)).json).toMatchObject({ code: 'delivery_unavailable' })
  expectProblem(await verify(otp), 'code_expired', {}, 400)
  expect(kept).toEqual([])
  app.clock.advance(30)
  await generate()
  expect((await verify(code())).status).toBe(200)
})
