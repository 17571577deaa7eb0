/** What a vendor reports of a message is found by its number, told to the events, and decides nothing. */

import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { DirectoryUnavailableError, StoreUnavailableError } from '../../src/core/errors.js'
import { phoneParser } from '../../src/factors/phone/phone-number.js'
import { isRefusal } from '../../src/core/refusal.js'
import { recordDelivery } from '../../src/factors/phone/record-delivery.js'
import { createUsers } from '../../src/flows/users.js'
import { startPhoneVerification } from '../../src/factors/phone/verify-phone.js'
import type { DeliveryReport } from '../../src/factors/phone/ports/receipt-source.js'
import type { StateStore } from '../../src/ports/state-store.js'
import type { UserDirectory } from '../../src/ports/user-directory.js'
import {
  ask,
  begin,
  cameroon,
  guess,
  india,
  openRig,
  rowOf,
  subject,
  type Rig,
  type RigOptions,
} from './rig.js'

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

/** A rig that keeps receipts, and whose sender names its messages SM1, SM2 … */
function openReceipts(options: RigOptions = {}): Rig {
  const rig = openRig({ keepsReceipts: true, ...options })
  rig.answer = () => Promise.resolve({ status: 'sent', reference: `SM${rig.messages.length}` })
  return rig
}

/** The user of the rig, who has the number in Cameroon. */
const findByPhone = (phone: string) => (phone === cameroon ? subject : null)

function report(
  rig: Rig,
  parts: Partial<DeliveryReport>,
  directory: Partial<UserDirectory<string>> = { findByPhone },
): Promise<void> {
  const parsePhone = phoneParser()
  const users = createUsers({ id: (user) => user, phone: () => null, ...directory }, parsePhone)
  const whole: DeliveryReport = { ref: 'SM1', to: cameroon, status: 'sent', ...parts }
  return recordDelivery({ flow: rig.context, users, parsePhone }, 'pigeon', whole)
}

const receiptOf = async (rig: Rig, of = subject) => (await rowOf(rig, of)).challenge?.receipt
const reported = (rig: Rig) => rig.events.filter(({ type }) => type === 'delivery_reported')

describe('a start', () => {
  test('keeps the message’s id by one more read and write, and says that it was accepted', async () => {
    const store = countingStore()
    const rig = openReceipts({ store })
    const { answer } = await ask(rig)
    expect(answer).toMatchObject({ status: 'pending', delivery: 'accepted' })
    expect(store).toMatchObject({ reads: 2, writes: 2 })
    expect(await receiptOf(rig)).toEqual({ ref: 'SM1', status: 'accepted', reason: null })
  })

  test('takes one read and one write where nobody reports, and says nothing of a delivery', async () => {
    const store = countingStore()
    const rig = openReceipts({ store, keepsReceipts: false })
    const { answer } = await ask(rig)
    expect(store).toMatchObject({ reads: 1, writes: 1 })
    expect(answer).not.toHaveProperty('delivery')
    expect(await receiptOf(rig)).toBeNull()
  })

  test('takes no more either where the sender does not name its message', async () => {
    const store = countingStore()
    const rig = openReceipts({ store })
    rig.answer = () => Promise.resolve({ status: 'sent' })
    expect((await ask(rig)).answer).not.toHaveProperty('delivery')
    expect(store).toMatchObject({ reads: 1, writes: 1 })
  })

  test('stands although the id could not be kept: the message is out, and its code is good', async () => {
    const rig = openReceipts({ store: countingStore(2) })
    const { answer, challengeId } = await ask(rig)
    expect(answer).toMatchObject({ status: 'pending' })
    expect(answer).not.toHaveProperty('delivery')
    expect(challengeId).toBe((await rowOf(rig)).challenge?.id)
  })

  test.each([null, 7, {}, '', 'x'.repeat(256)])(
    'stands although a sender names its message %j',
    async (reference) => {
      const rig = openReceipts()
      const odd: { status: 'sent' } = Object.assign({ status: 'sent' } as const, { reference })
      rig.answer = () => Promise.resolve(odd)
      expect((await ask(rig)).answer).toMatchObject({ status: 'pending' })
      expect(await receiptOf(rig)).toBeNull()
    },
  )

  test('answers the challenge that was sent, although its code was used before the id was kept', async () => {
    const rig = openReceipts()
    rig.answer = async () => {
      await guess(rig, { challengeId: (await rowOf(rig)).challenge?.id ?? null })
      return { status: 'sent', reference: 'SM1' }
    }
    expect((await ask(rig)).answer).toMatchObject({ status: 'pending', attemptsLeft: 5 })
    expect(await rowOf(rig)).toMatchObject({ challenge: null, grants: [{ method: 'sms' }] })
  })
})

describe('a report', () => {
  test('reaches the challenge of the user who has the number, in any spelling, and the events', async () => {
    const rig = openReceipts()
    await begin(rig)
    const before = await rowOf(rig)
    await report(rig, { to: '00237 6 71 23 45 67', status: 'failed', reason: 'unreachable' })
    const receipt = { ref: 'SM1', status: 'failed', reason: 'unreachable' }
    expect(await rowOf(rig)).toEqual({
      ...before,
      version: before.version + 1,
      challenge: { ...before.challenge, receipt },
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

  test('reaches the row of a number without a user', async () => {
    const rig = openReceipts()
    await startPhoneVerification(rig.context, india, { locale: null })
    await report(rig, { to: india, status: 'delivered' })
    expect(await receiptOf(rig, `tel:${india}`)).toMatchObject({ status: 'delivered' })
    expect(reported(rig)).toMatchObject([{ subject: 'tel:••••10', matched: true }])
  })

  test('that says nothing new is told to nobody, a hundred times over', async () => {
    const rig = openReceipts()
    await begin(rig)
    await report(rig, { status: 'delivered' })
    const before = await rowOf(rig)
    for (let times = 0; times < 100; times += 1) {
      await report(rig, { status: times % 2 === 0 ? 'delivered' : 'sent' })
    }
    expect(await rowOf(rig)).toBe(before)
    expect(reported(rig)).toHaveLength(1)
  })

  test.each<[string, Partial<DeliveryReport>]>([
    ['of a message that nobody waits for', { ref: 'SM2' }],
    ['of the right message to another number', { to: india }],
    ['to something that is no number', { to: 'nobody' }],
    ['to an empty number', { to: '' }],
  ])(
    '%s changes nothing, and only the events hear of it, the number masked',
    async (_what, parts) => {
      const rig = openReceipts()
      await begin(rig)
      const before = await rowOf(rig)
      await report(rig, { status: 'failed', vendorCode: '30007', ...parts })
      expect(await rowOf(rig)).toBe(before)
      expect(reported(rig)).toMatchObject([
        { matched: false, delivery: 'failed', reason: 'not_delivered', vendorCode: '30007' },
      ])
      expect(JSON.stringify(reported(rig))).not.toMatch(/\d{6}/)
    },
  )

  test('makes no row where there was none', async () => {
    const rig = openReceipts()
    await report(rig, { to: india })
    expect(await rig.context.store.read(`tel:${india}`)).toBeNull()
    expect(await rig.context.store.read(subject)).toBeNull()
  })

  test('reaches only the events of an application that finds nobody by a number', async () => {
    const rig = openReceipts()
    await begin(rig)
    await report(rig, {}, {})
    expect(await receiptOf(rig)).toMatchObject({ status: 'accepted' })
    expect(reported(rig)).toMatchObject([{ matched: false, subject: 'tel:••••67' }])
  })

  test('of a failure sends nothing by itself', async () => {
    const rig = openReceipts()
    await begin(rig)
    await report(rig, { status: 'failed', reason: 'not_delivered' })
    expect(rig.messages).toHaveLength(1)
  })

  test('of the message before, after another was sent, is not taken for the new one’s', async () => {
    const rig = openReceipts()
    const challengeId = await begin(rig)
    await report(rig, { status: 'failed' })
    rig.now += 60_000
    const { answer } = await ask(rig, { ownId: challengeId })
    expect(answer).toMatchObject({ delivery: 'accepted' })
    expect(answer).not.toHaveProperty('deliveryReason')
    await report(rig, { status: 'delivered' })
    expect(await receiptOf(rig)).toMatchObject({ ref: 'SM2', status: 'accepted' })
    await report(rig, { ref: 'SM2', status: 'sent' })
    expect(await receiptOf(rig)).toMatchObject({ ref: 'SM2', status: 'sent' })
  })

  test('never passes anybody, and leaves every guess that was left', async () => {
    const rig = openReceipts()
    const challengeId = await begin(rig)
    for (const status of ['sent', 'delivered', 'failed'] as const) await report(rig, { status })
    expect((await rowOf(rig)).grants).toEqual([])
    const passed = await guess(rig, { challengeId })
    expect(isRefusal(passed)).toBe(false)
  })

  test('fails where the store does, or the application’s users, so that the vendor reports again', async () => {
    const broken = openReceipts({
      store: { ...countingStore(), read: () => Promise.reject(new Error('down')) },
    })
    await expect(report(broken, {})).rejects.toBeInstanceOf(StoreUnavailableError)
    const rig = openReceipts()
    await begin(rig)
    const lost = { findByPhone: () => Promise.reject(new Error('down')) }
    await expect(report(rig, {}, lost)).rejects.toBeInstanceOf(DirectoryUnavailableError)
    expect([...reported(broken), ...reported(rig)]).toEqual([])
  })
})
