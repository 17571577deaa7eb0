/** A vendor's report is matched by its phone, emitted as an event, and decides nothing. */

import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../../src/adapters/memory/memory-store.js'
import { DirectoryUnavailableError, StoreUnavailableError } from '../../../src/core/errors.js'
import { isRefusal } from '../../../src/core/refusal.js'
import { recordDelivery } from '../../../src/factors/phone/record-delivery.js'
import { startPhoneVerification } from '../../../src/factors/phone/verify-phone.js'
import type {
  DeliveryReport,
  ReceiptSource,
} from '../../../src/factors/phone/ports/receipt-source.js'
import type { Challenge, PhonePart, Receipt } from '../../../src/factors/phone/rules/part.js'
import type { StateStore } from '../../../src/ports/state-store.js'
import {
  ask,
  begin,
  guess,
  openRig,
  phonePartOf,
  subject,
  type Rig,
  type RigOptions,
} from '../../flows/rig.js'
import { cameroon, india } from '../../support/phones.js'
import { phoneOf, rowOf, withPhoneFields } from '../../support/rows.js'

/** A store that counts its calls, and whose writes fail from the nth on. */
function countingStore(failFrom = Infinity): StateStore & { reads: number; writes: number } {
  const store = memoryStore()
  const counting = {
    reads: 0,
    writes: 0,
    read: (of: string) => {
      counting.reads += 1
      return store.read(of)
    },
    compareAndSwap: (...swap: Parameters<StateStore['compareAndSwap']>) => {
      counting.writes += 1
      if (counting.writes >= failFrom) return Promise.reject(new Error('down'))
      return store.compareAndSwap(...swap)
    },
    delete: (of: string) => store.delete(of),
  }
  return counting
}

const pigeon: ReceiptSource = { name: 'pigeon', read: () => Promise.resolve({ status: 'forged' }) }

/** The user of the rig, who has the phone in Cameroon. */
const findByPhone = (phone: string) => (phone === cameroon ? subject : null)

/** A rig that keeps receipts, and whose sender names its messages SM1, SM2 … */
function openReceipts(options: RigOptions = {}): Rig {
  const rig = openRig({ receipts: [pigeon], users: { findByPhone }, ...options })
  rig.answer = () => Promise.resolve({ status: 'sent', reference: `SM${rig.messages.length}` })
  return rig
}

function report(rig: Rig, parts: Partial<DeliveryReport>): Promise<void> {
  const whole: DeliveryReport = { ref: 'SM1', to: cameroon, status: 'sent', ...parts }
  return recordDelivery(rig.phone, pigeon.name, whole)
}

const receiptOf = async (rig: Rig, of = subject) => (await phonePartOf(rig, of)).challenge?.receipt
const withReceipt = ({ challenge }: PhonePart, receipt: Receipt): Challenge | null =>
  challenge && { ...challenge, receipt }
const reported = (rig: Rig) => rig.events.filter(({ type }) => type === 'delivery_reported')

describe('a start', () => {
  test('stores the message’s id with one more read and write, and shows it as accepted', async () => {
    const store = countingStore()
    const rig = openReceipts({ store })
    const { answer } = await ask(rig)
    expect(answer).toMatchObject({ status: 'pending', delivery: 'accepted' })
    expect(store).toMatchObject({ reads: 2, writes: 2 })
    expect(await receiptOf(rig)).toEqual({ ref: 'SM1', status: 'accepted', reason: null })
  })

  test('takes one read and one write without a receipt source, and shows no delivery', async () => {
    const store = countingStore()
    const rig = openReceipts({ store, receipts: [] })
    const { answer } = await ask(rig)
    expect(store).toMatchObject({ reads: 1, writes: 1 })
    expect(answer).not.toHaveProperty('delivery')
    expect(await receiptOf(rig)).toBeNull()
  })

  test('takes no more if the sender returns no message id', async () => {
    const store = countingStore()
    const rig = openReceipts({ store })
    rig.answer = () => Promise.resolve({ status: 'sent' })
    expect((await ask(rig)).answer).not.toHaveProperty('delivery')
    expect(store).toMatchObject({ reads: 1, writes: 1 })
  })

  test('succeeds even if the id cannot be stored: the message was sent and its code is valid', async () => {
    const rig = openReceipts({ store: countingStore(2) })
    const { answer, sessionKey } = await ask(rig)
    expect(answer).toMatchObject({ status: 'pending' })
    expect(answer).not.toHaveProperty('delivery')
    expect((await phonePartOf(rig)).challenge?.sessionKey).toBe(sessionKey)
  })

  test.each([null, 7, {}, '', 'x'.repeat(256)])(
    'succeeds even if a sender returns the message id %j',
    async (reference) => {
      const rig = openReceipts()
      const odd: { status: 'sent' } = Object.assign({ status: 'sent' } as const, { reference })
      rig.answer = () => Promise.resolve(odd)
      expect((await ask(rig)).answer).toMatchObject({ status: 'pending' })
      expect(await receiptOf(rig)).toBeNull()
    },
  )

  test('returns the sent challenge even if its code was used before the id was stored', async () => {
    const rig = openReceipts()
    rig.answer = async () => {
      await guess(rig, { sessionKey: (await phonePartOf(rig)).challenge?.sessionKey ?? null })
      return { status: 'sent', reference: 'SM1' }
    }
    expect((await ask(rig)).answer).toMatchObject({ status: 'pending', attemptsLeft: 5 })
    expect((await phonePartOf(rig)).challenge).toBeNull()
    expect((await rowOf(rig.store, subject)).grants).toMatchObject([{ method: 'sms' }])
  })
})

describe('a report', () => {
  test('reaches the challenge of the phone’s user, in any spelling, and the events', async () => {
    const rig = openReceipts()
    await begin(rig)
    const before = await rowOf(rig.store, subject)
    await report(rig, { to: '00237 6 71 23 45 67', status: 'failed', reason: 'unreachable' })
    const receipt: Receipt = { ref: 'SM1', status: 'failed', reason: 'unreachable' }
    expect(await rowOf(rig.store, subject)).toEqual({
      ...withPhoneFields(before, { challenge: withReceipt(phoneOf(before), receipt) }),
      version: before.version + 1,
    })
    expect(reported(rig)).toEqual([
      {
        type: 'delivery_reported',
        subject,
        source: 'pigeon',
        destination: '••••67',
        delivery: 'failed',
        reason: 'unreachable',
        vendorCode: null,
        reference: 'SM1',
        matched: true,
        at: new Date(rig.now),
      },
    ])
  })

  test('reaches the row of a phone without a user', async () => {
    const rig = openReceipts()
    await startPhoneVerification(rig.phone, india, { locale: null })
    await report(rig, { to: india, status: 'delivered' })
    expect(await receiptOf(rig, `tel:${india}`)).toMatchObject({ status: 'delivered' })
    expect(reported(rig)).toMatchObject([{ subject: 'tel:••••10', matched: true }])
  })

  test('with nothing new is not emitted again, even a hundred times over', async () => {
    const rig = openReceipts()
    await begin(rig)
    await report(rig, { status: 'delivered' })
    const before = await rowOf(rig.store, subject)
    for (let times = 0; times < 100; times += 1) {
      await report(rig, { status: times % 2 === 0 ? 'delivered' : 'sent' })
    }
    expect(await rowOf(rig.store, subject)).toBe(before)
    expect(reported(rig)).toHaveLength(1)
  })

  test.each<[string, Partial<DeliveryReport>]>([
    ['of an unknown message', { ref: 'SM2' }],
    ['of the right message to another phone', { to: india }],
    ['to something that is no phone', { to: 'nobody' }],
    ['to an empty phone', { to: '' }],
  ])('%s changes nothing, and is only emitted, with the phone masked', async (_what, parts) => {
    const rig = openReceipts()
    await begin(rig)
    const before = await rowOf(rig.store, subject)
    await report(rig, { status: 'failed', vendorCode: '30007', ...parts })
    expect(await rowOf(rig.store, subject)).toBe(before)
    expect(reported(rig)).toMatchObject([
      { matched: false, delivery: 'failed', reason: 'not_delivered', vendorCode: '30007' },
    ])
    expect(JSON.stringify(reported(rig))).not.toMatch(/\d{6}/)
  })

  test('creates no row', async () => {
    const rig = openReceipts()
    await report(rig, { to: india })
    expect(await rig.store.read(`tel:${india}`)).toBeNull()
    expect(await rig.store.read(subject)).toBeNull()
  })

  test('is only emitted if the application cannot find users by phone', async () => {
    const rig = openReceipts({ users: {} })
    await begin(rig)
    await report(rig, {})
    expect(await receiptOf(rig)).toMatchObject({ status: 'accepted' })
    expect(reported(rig)).toMatchObject([{ matched: false, subject: 'tel:••••67' }])
  })

  test('of a failure sends nothing by itself', async () => {
    const rig = openReceipts()
    await begin(rig)
    await report(rig, { status: 'failed', reason: 'not_delivered' })
    expect(rig.messages).toHaveLength(1)
  })

  test('on the previous message is not applied to the new one', async () => {
    const rig = openReceipts()
    const sessionKey = await begin(rig)
    await report(rig, { status: 'failed' })
    rig.now += 60_000
    const { answer } = await ask(rig, { sessionKey })
    expect(answer).toMatchObject({ delivery: 'accepted' })
    expect(answer).not.toHaveProperty('deliveryReason')
    await report(rig, { status: 'delivered' })
    expect(await receiptOf(rig)).toMatchObject({ ref: 'SM2', status: 'accepted' })
    await report(rig, { ref: 'SM2', status: 'sent' })
    expect(await receiptOf(rig)).toMatchObject({ ref: 'SM2', status: 'sent' })
  })

  test('lets nobody pass and costs no guess', async () => {
    const rig = openReceipts()
    const sessionKey = await begin(rig)
    for (const status of ['sent', 'delivered', 'failed'] as const) await report(rig, { status })
    expect((await rowOf(rig.store, subject)).grants).toEqual([])
    const passed = await guess(rig, { sessionKey })
    expect(isRefusal(passed)).toBe(false)
  })

  test('rejects if the store or the user callbacks fail, which makes the vendor report again', async () => {
    const broken = openReceipts({
      store: { ...countingStore(), read: () => Promise.reject(new Error('down')) },
    })
    await expect(report(broken, {})).rejects.toBeInstanceOf(StoreUnavailableError)
    const rig = openReceipts({ users: { findByPhone: () => Promise.reject(new Error('down')) } })
    await begin(rig)
    await expect(report(rig, {})).rejects.toBeInstanceOf(DirectoryUnavailableError)
    expect([...reported(broken), ...reported(rig)]).toEqual([])
  })
})
