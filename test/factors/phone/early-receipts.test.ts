/**
 * A vendor reports a message before its response to the start has been stored: the person sees the report all the
 * same.
 */

import { describe, expect, test } from 'vitest'

import { recordDelivery } from '../../../src/factors/phone/record-delivery.js'
import { startPhoneVerification } from '../../../src/factors/phone/verify-phone.js'
import type {
  DeliveryReport,
  ReceiptSource,
} from '../../../src/factors/phone/ports/receipt-source.js'
import { ask, begin, openRig, phonePartOf, subject, type Rig } from '../../flows/rig.js'
import { second } from '../../support/clock.js'
import { cameroon, india } from '../../support/phones.js'

const pigeon: ReceiptSource = { name: 'pigeon', read: () => Promise.resolve({ status: 'forged' }) }

/** A rig whose sender's vendor makes these reports of SM1 before it answers. */
function openEarly(...reports: Partial<DeliveryReport>[]): Rig {
  const rig = openRig({
    receipts: [pigeon],
    users: { findByPhone: (phone) => (phone === cameroon ? subject : null) },
  })
  rig.answer = async () => {
    for (const parts of reports) await report(rig, parts)
    return { status: 'sent', reference: 'SM1' }
  }
  return rig
}

function report(rig: Rig, parts: Partial<DeliveryReport>): Promise<void> {
  const whole: DeliveryReport = { ref: 'SM1', to: cameroon, status: 'delivered', ...parts }
  return recordDelivery(rig.phone, pigeon.name, whole)
}

const reported = (rig: Rig) => rig.events.filter(({ type }) => type === 'delivery_reported')

describe('a report before the response to the start', () => {
  test('is shown with the start, and emitted like an expected one', async () => {
    const rig = openEarly({ status: 'sent' }, { status: 'delivered' })
    expect((await ask(rig)).answer).toMatchObject({ status: 'pending', delivery: 'delivered' })
    expect(reported(rig)).toMatchObject([
      { subject, delivery: 'sent', matched: true },
      { subject, delivery: 'delivered', matched: true },
    ])
    expect((await phonePartOf(rig)).challenge).not.toHaveProperty('earlyReceipts')
  })

  test('that is repeated is emitted once, before and after the response', async () => {
    const rig = openEarly({}, {}, { status: 'sent' })
    await ask(rig)
    await report(rig, {})
    expect(reported(rig)).toHaveLength(1)
  })

  test('of a failure is shown with its reason', async () => {
    const rig = openEarly({ status: 'failed', reason: 'unreachable' })
    expect((await ask(rig)).answer).toMatchObject({
      ...{ delivery: 'failed', deliveryReason: 'unreachable' },
    })
  })

  test('on another message leaves this one unchanged', async () => {
    const rig = openEarly({ ref: 'SM0' })
    expect((await ask(rig)).answer).toMatchObject({ delivery: 'accepted' })
  })

  test('on a resend is shown too', async () => {
    const rig = openEarly({})
    const sessionKey = await begin(rig)
    rig.now += 30 * second
    rig.answer = async () => {
      await report(rig, { ref: 'SM2', status: 'sent' })
      return { status: 'sent', reference: 'SM2' }
    }
    expect((await ask(rig, { sessionKey })).answer).toMatchObject({ delivery: 'sent' })
  })

  test('on a message to a phone without a login is shown as well', async () => {
    const rig = openEarly({ to: india })
    const asker = { locale: null, clientIp: undefined }
    expect(await startPhoneVerification(rig.phone, india, asker)).toMatchObject({
      delivery: 'delivered',
    })
  })
})

test('a report long after a start without a message id is ignored', async () => {
  const rig = openEarly()
  rig.answer = () => Promise.resolve({ status: 'sent' })
  await ask(rig)
  rig.now += 30 * second
  await report(rig, {})
  expect(reported(rig)).toMatchObject([{ matched: false }])
  expect((await phonePartOf(rig)).challenge).not.toHaveProperty('earlyReceipts')
})
