/** When TextBee's device or account fails, operators get a fault, and nobody's phone is blamed. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startReceiptsApp, type ReceiptsApp } from '../support/receipts.js'

let app: ReceiptsApp
beforeEach(async () => {
  app = await startReceiptsApp()
})
afterEach(() => app.close())

const faults = () => app.events.filter(({ type }) => type === 'delivery_failed')
const failed = (errorCode: string, parts: Record<string, string> = {}) =>
  app.textbee({ webhookEvent: 'MESSAGE_FAILED', errorCode, ...parts })

describe('a failure by', () => {
  test.each([
    'FCM_TOKEN_NOT_REGISTERED',
    'FCM_INVALID_REGISTRATION_TOKEN',
    'FCM_PROJECT_MISMATCH',
    'FCM_DELIVERY_FAILED',
    'FCM_DELIVERY_FAILED_messaging/third-party-auth-error',
    'FCM_SEND_ERROR',
    'PERMISSION_DENIED',
    'SENDING_EXCEPTION',
    '2',
    '4',
  ])('%s is reported to operators with its code', async (code) => {
    const alice = await app.login('alice')
    await failed(code)
    expect(faults()).toMatchObject([
      {
        ...{ subject: '1', purpose: 'sign-in', channel: 'sms', destination: '••••67' },
        ...{ outcome: 'operator_fault', reason: `textbee ${code}` },
      },
    ])
    expect(app.events.at(-2)).toMatchObject({ type: 'delivery_reported', vendorCode: code })
    const { challenge } = (await alice.get('/second-factor/')).json
    expect(challenge).toMatchObject({ delivery: 'failed', deliveryReason: 'not_delivered' })
  })

  test.each(['1', 'code 804213', 'fcm', 'A 804213', ''])('%j is not', async (code) => {
    await app.login('alice')
    await failed(code)
    expect(faults()).toEqual([])
    expect(JSON.stringify(app.events)).not.toContain('804213')
  })
})

test('a fault about an unknown message reaches operators too, once each', async () => {
  await failed('FCM_TOKEN_NOT_REGISTERED', { smsBatchId: 'SM9' })
  expect(faults()).toMatchObject([
    { purpose: null, channel: null, reason: 'textbee FCM_TOKEN_NOT_REGISTERED' },
  ])
  const alice = await app.login('alice')
  await failed('FCM_TOKEN_NOT_REGISTERED')
  await failed('FCM_TOKEN_NOT_REGISTERED')
  expect(faults()).toHaveLength(2)
  await alice.get('/second-factor/')
})
