/** With a separate Service for enrolments, a stranger who names a phone shares nothing with its owner's login. */

import { expect, test } from 'vitest'

import { twilioVerify, type TwilioVerifyClient } from '../../src/adapters/twilio/index.js'
import { Sensitive } from '../../src/core/sensitive.js'
import { verifyService } from '../support/twilio-stand-in-verify.js'

const accountSid = `AC${'0'.repeat(32)}`
const signIns = `VA${'1'.repeat(32)}`
const enrolments = `VA${'2'.repeat(32)}`

/** A client on two Services, as the SDK names their answers. */
function openServices() {
  const violations: string[] = []
  const services = new Map(
    [signIns, enrolments].map((serviceSid) => [
      serviceSid,
      verifyService(
        { accountSid, serviceSid, clock: () => 0, codeLength: 6, rateLimits: {} },
        violations,
      ),
    ]),
  )
  const of = (sid: string) => {
    const service = services.get(sid)
    if (service === undefined) throw new Error(`no Service ${sid}`)
    return service
  }
  const answer = ({ status, body }: { status: number; body: object }) => {
    const fields = body as Record<string, unknown>
    if (status >= 300) return Promise.reject(Object.assign(new Error('no'), fields))
    return Promise.resolve({ ...fields, serviceSid: fields['service_sid'] })
  }
  const client: TwilioVerifyClient = {
    verify: {
      v2: {
        services: (service) => ({
          verifications: Object.assign(
            (sid: string) => ({
              update: ({ status }: { status: string }) =>
                answer(of(service).update(sid, new Map([['Status', status]]))),
            }),
            {
              create: ({ to, channel }: { to: string; channel: string }) =>
                answer(
                  of(service).start(
                    new Map([
                      ['To', to],
                      ['Channel', channel],
                    ]),
                  ),
                ),
            },
          ),
          verificationChecks: {
            create: ({ verificationSid, code }) =>
              answer(
                of(service).check(
                  new Map([
                    ['VerificationSid', verificationSid],
                    ['Code', code],
                  ]),
                ),
              ),
          },
        }),
      },
    },
  }
  return { client, of, violations }
}

test('the owner keeps her own five checks, five messages and code', async () => {
  const { client, of, violations } = openServices()
  const verifier = twilioVerify({
    ...{ client, serviceSid: signIns, enrolmentServiceSid: enrolments },
  })
  const to = '+237671234567'
  const request = { to, channel: 'sms', locale: null, subject: '1', clientIp: null } as const
  const hers = await verifier.start(request)
  const his = await verifier.start({ ...request, subject: '2', isVerified: false })
  if (hers.status !== 'started' || his.status !== 'started') throw new Error('not started')
  const [own] = of(signIns).verifications
  const [other] = of(enrolments).verifications
  expect([hers.ref, his.ref]).toEqual([own?.sid, `${enrolments}.${other?.sid ?? ''}`])

  const code = new Sensitive(own?.code === '000000' ? '000001' : '000000')
  for (let guess = 0; guess < 5; guess += 1) await verifier.check({ ref: his.ref, to, code })
  expect(await verifier.check({ ref: his.ref, to, code })).toEqual({ status: 'ended' })
  await verifier.cancel(his.ref)
  expect([own?.status, other?.status]).toEqual(['pending', 'canceled'])
  const right = { ref: hers.ref, to, code: new Sensitive(own?.code ?? '') }
  expect(await verifier.check(right)).toEqual({ status: 'approved' })
  expect(violations).toEqual([])
})

test('an approval in one Service does not count in the other', async () => {
  const { client, of } = openServices()
  const verifier = twilioVerify({
    ...{ client, serviceSid: signIns, enrolmentServiceSid: enrolments },
  })
  const to = '+237671234567'
  const request = { to, channel: 'sms', locale: null, subject: '1', clientIp: null } as const
  const started = await verifier.start({ ...request, isVerified: false })
  if (started.status !== 'started') throw new Error('not started')
  const [{ sid, code } = { sid: '', code: '' }] = of(enrolments).verifications
  const asked = { to, code: new Sensitive(code) }
  expect(await verifier.check({ ...asked, ref: sid })).toEqual({ status: 'ended' })
  expect(await verifier.check({ ...asked, ref: started.ref })).toEqual({ status: 'approved' })
})

test('an invalid Service is reported by its option', () => {
  const { client } = openServices()
  expect(() => twilioVerify({ client, serviceSid: signIns, enrolmentServiceSid: 'VA1' })).toThrow(
    /enrolmentServiceSid/,
  )
})
