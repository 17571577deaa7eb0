/** An operator can have the counts of one phone forgotten, which takes nothing from the counts of others. */

import { describe, expect, test, vi } from 'vitest'

import { memoryAudit } from '../../../../src/adapters/memory/memory-audit.js'
import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import {
  AuditUnavailableError,
  ConfigurationError,
  StoreUnavailableError,
} from '../../../../src/core/errors.js'
import { createSecondFactor } from '../../../../src/create-second-factor.js'
import { memoryStore } from '../../../../src/adapters/memory/memory-store.js'
import { forSubject } from '../../../../src/factors/phone/for-subject.js'
import type { SecondFactorOptions } from '../../../../src/options.js'
import type { AuditLog } from '../../../../src/ports/audit-log.js'
import type { CountStore } from '../../../../src/ports/count-store.js'
import type { SecondFactorEvent } from '../../../../src/ports/event-sink.js'
import { rejectWithNothing } from '../../../flows/rig.js'
import { openLimited, phoneInRow, type LimitedRig } from '../../../support/limited-rig.js'
import { cameroon, india } from '../../../support/phones.js'
import { t0 } from '../../../support/clock.js'
import { allCounts } from '../../../support/shared-counts.js'

const rules = {
  phone: { newPerDay: 2, perDay: 2 },
  application: { perDay: 100, newShare: 1 },
  country: { perDay: 100 },
} as const
const known = { purpose: 'sign-in', phoneClass: 'known' } as const

for (const { name, counts } of await allCounts('sf_forget_phone')) {
  describe(`with counts in ${name}`, () => {
    test('a phone is sent to again, as a new one and at sign-in, while the others stay at their limit', async () => {
      const rig = openLimited({ counts, rules })
      const fill = async () => {
        const answers: string[] = []
        for (const destination of [cameroon, india]) {
          for (const each of [{}, known]) {
            for (let n = 0; n < 3; n += 1) answers.push(await rig.send({ destination, ...each }))
          }
        }
        return answers
      }
      const full = ['sent', 'sent', 'send_limit']
      expect(await fill()).toEqual([...full, ...full, ...full, ...full])
      await forgetIn(rig, cameroon)
      const refused = Array.from({ length: 6 }, () => 'send_limit')
      expect(await fill()).toEqual([...full, ...full, ...refused])
      expect(await usedOf(rig, '~~')).toBe(12)
      expect(await usedOf(rig, '~c:CM')).toBe(4)
    })

    test('a phone near the edge of a bucket is held in neither bucket afterwards', async () => {
      const rig = openLimited({ counts, rules })
      rig.now += 295_000
      await rig.sendAll(2, () => ({ destination: cameroon }))
      await forgetIn(rig, cameroon)
      rig.now += 10_000
      expect(await rig.sendAll(3, () => ({ destination: cameroon }))).toEqual({
        ...{ sent: 2, send_limit: 1 },
      })
    })

    test('a phone that nothing is counted about can be forgotten, too', async () => {
      const rig = openLimited({ counts, rules })
      await forgetIn(rig, phoneInRow(77))
      expect(await rig.send({ destination: phoneInRow(77) })).toBe('sent')
    })
  })
}

test('reports on the phone are deleted, also those that are not written yet; those on its prefix stay', async () => {
  const counts = memoryCounts()
  const source = { name: 'vendor', read: () => Promise.resolve({ status: 'forged' } as const) }
  const rig = openLimited({ counts }, { receipts: [source] })
  const written = new Set<string>()
  const add = counts.add.bind(counts)
  counts.add = (additions) => {
    for (const { counter } of additions) written.add(counter)
    return add(additions)
  }
  rig.phone.limits?.noteReport({ to: cameroon, status: 'failed' })
  await forgetIn(rig, cameroon)
  await rig.phone.limits?.close()
  const kept = await counts.series([...written], 0)
  expect([...written].map((counter) => counter[0])).toEqual(['n', 'p'])
  expect(kept.map(({ counter }) => counter[0])).toEqual(['p'])
})

test.each([['+23767'], ['671234567'], ['+237 671 234 567'], [''], [undefined], [cameroon + '\n']])(
  'refuses %j, which is no phone in E.164, and deletes nothing',
  async (phone) => {
    const counts = memoryCounts()
    const rig = openLimited({ counts, rules })
    await rig.sendAll(2, () => ({ destination: cameroon }))
    await expect(forgetIn(rig, phone as never)).rejects.toThrow(ConfigurationError)
    expect(await rig.send({ destination: cameroon })).toBe('send_limit')
  },
)

test('says so if a store of the application cannot forget', async () => {
  const rig = openLimited({ counts: { ...memoryCounts(), forget: undefined as never } })
  const forgotten = forgetIn(rig, cameroon)
  await expect(forgotten).rejects.toThrow('needs counts with the method forget')
  await expect(forgotten).rejects.toMatchObject({ option: 'limits.counts' })
})

test('rejects if the counts fail, because the phone is not forgotten', async () => {
  const rig = openLimited({ counts: { ...memoryCounts(), forget: rejectWithNothing } })
  await expect(forgetIn(rig, cameroon)).rejects.toThrow(StoreUnavailableError)
})

describe('secondFactor.forgetPhone', () => {
  const open = (
    limits?: { readonly counts: CountStore },
    others: Partial<SecondFactorOptions<Express.User>> = {},
  ) =>
    createSecondFactor({
      ...{ secret: 'x'.repeat(32), store: memoryStore() },
      sender: { channel: 'sms', send: () => Promise.resolve({ status: 'sent' }) },
      users: { id: () => 1, phone: () => ({ number: cameroon, verified: true }) },
      ...(limits === undefined ? {} : { limits }),
      ...others,
    })

  test('reaches the counts', async () => {
    const counts = memoryCounts()
    const names: string[] = []
    const forget = counts.forget?.bind(counts)
    counts.forget = (counters) => {
      names.push(...counters)
      return forget?.(counters) ?? Promise.resolve()
    }
    const secondFactor = open({ counts })
    await secondFactor.start({} as Express.User)
    await secondFactor.forgetPhone(cameroon)
    expect(names.map((each) => each.replace(/:[\w-]{22}/, ':'))).toEqual([
      'n:',
      'N:',
      'n:|d',
      'n:|f',
    ])
  })

  test('needs the option limits', async () => {
    await expect(open().forgetPhone(cameroon)).rejects.toMatchObject({ option: 'limits' })
  })

  const by = { actor: 'maria', reason: 'erasure request 4711' }

  test('tells the event sink who did it, and masks the phone', async () => {
    const events: SecondFactorEvent[] = []
    const secondFactor = open(
      { counts: memoryCounts() },
      { events: { emit: (event) => events.push(event) }, clock: () => t0 },
    )
    await secondFactor.forgetPhone(cameroon, by)
    await secondFactor.forgetPhone(india)
    const at = new Date(t0)
    expect(events).toEqual([
      { type: 'phone_forgotten', subject: 'tel:••••67', ...by, at },
      { type: 'phone_forgotten', subject: 'tel:••••10', at },
    ])
  })

  test('is recorded before it is done, and found by the phone', async () => {
    const audit = memoryAudit()
    const counts = memoryCounts()
    const outcomes: unknown[] = []
    const entries = async () => {
      const target = forSubject(`tel:${cameroon}`)
      return (await secondFactor.history(target)).filter(({ type }) => type === 'phone_forgotten')
    }
    const forget = counts.forget?.bind(counts)
    counts.forget = async (counters) => {
      outcomes.push((await entries()).map(({ outcome }) => outcome))
      await forget?.(counters)
    }
    const secondFactor = open({ counts }, { audit })
    await secondFactor.forgetPhone(cameroon, by)
    expect(outcomes).toEqual([['started']])
    const [entry, ...others] = await entries()
    expect(others).toEqual([])
    expect(entry).toMatchObject({ ...by, outcome: 'done' })
    expect(entry?.subject).toMatch(/^tel:••••67#[\w-]{22}$/)
    await secondFactor.close()
  })

  test('deletes nothing while the audit log is down', async () => {
    const counts = memoryCounts()
    let isForgotten = false
    counts.forget = () => {
      isForgotten = true
      return Promise.resolve()
    }
    const audit: AuditLog = { ...memoryAudit(), append: rejectWithNothing }
    const secondFactor = open({ counts }, { audit, events: { emit: () => undefined } })
    await expect(secondFactor.forgetPhone(cameroon, by)).rejects.toThrow(AuditUnavailableError)
    expect(isForgotten).toBe(false)
  })

  test('records nothing for a phone that it refuses, and takes no other options', async () => {
    const audit = memoryAudit()
    const append = vi.spyOn(audit, 'append')
    const secondFactor = open({ counts: memoryCounts() }, { audit })
    await expect(secondFactor.forgetPhone('671234567', by)).rejects.toThrow(ConfigurationError)
    await expect(
      secondFactor.forgetPhone(cameroon, { ...by, ticket: 1 } as never),
    ).rejects.toMatchObject({ option: 'forgetPhone.ticket' })
    expect(append).not.toHaveBeenCalled()
  })
})

async function usedOf(rig: LimitedRig, counter: string): Promise<number | undefined> {
  const usage = await rig.phone.limits?.usage({ countries: ['CM'] })
  return usage?.limits.find((each) => each.counter === counter)?.used
}

/** Forgets a phone as an operator would, without an audit log. */
function forgetIn(rig: LimitedRig, phone: string): Promise<void> {
  if (rig.phone.limits === null) throw new Error('there are no limits')
  return rig.phone.limits.forgetPhone(phone, {}, (_action, work) => work())
}
