/** App codes and recovery codes under many requests at once, in one process and in four, on every store. */

import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { defaultPolicy, createSecondFactor, recoveryCodes, totp } from '../../src/index.js'
import { withPart } from '../../src/core/state.js'
import { digestOf, newCode } from '../../src/factors/recovery-codes/rules/codes.js'
import { partOf, type RecoveryPart } from '../../src/factors/recovery-codes/rules/part.js'
import { baseAt, freshSubject, inParallel, tally } from '../../src/testing/contract-fixtures.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { appCode } from '../support/authenticator.js'
import { wrongCode } from '../support/codes.js'
import { heldFlowsOf, type HeldAttempt } from '../support/held-flows.mjs'
import { inProcesses, sum, type StoreAddress } from '../support/processes.js'
import { rowOf } from '../support/rows.js'
import { sharedStores } from '../support/shared-stores.js'
import { shuffled } from '../support/shuffled-store.js'

const { lockAfterFailures } = defaultPolicy
const heldFlows = heldFlowsOf({ createSecondFactor, recoveryCodes, totp })
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const now = baseAt

const local: readonly Tried[] = [
  { name: 'the memory store', store: memoryStore() },
  { name: 'the memory store, its answers overtaking each other', store: shuffled(memoryStore()) },
]

interface Tried {
  readonly name: string
  readonly store: StateStore
  readonly address?: StoreAddress
}

/** Somebody with an app and ten recovery codes. */
async function enrolled(store: StateStore, label: string) {
  const subject = freshSubject(label)
  await heldFlows(store, now).secondFactor.importTotp({ id: subject }, secret)
  const row = await rowOf(store, subject)
  const codes = Array.from({ length: 10 }, newCode)
  const owner = { subject, setId: 'set' }
  const part: RecoveryPart = {
    held: true,
    ticket: null,
    set: {
      id: owner.setId,
      digests: Buffer.concat(codes.map((code) => digestOf(code, owner))).toString('base64url'),
      used: 0,
      addedAt: now,
      usedAt: null,
    },
  }
  const next = { ...withPart(row, 'recovery', part), version: row.version + 1 }
  expect(await store.compareAndSwap(subject, row.version, next)).toBe(true)
  return { subject, codes }
}

/** Has attempts judged so many times at once, in this process or, where there is an address, in four. */
async function judged(
  { store, address }: Tried,
  subject: string,
  attempts: readonly HeldAttempt[],
  times: number,
): Promise<Record<string, number>> {
  if (address === undefined) {
    const { judge } = heldFlows(store, now)
    const answers = await inParallel(times, (nth) => {
      const attempt = attempts[nth % attempts.length]
      return attempt === undefined ? Promise.resolve('') : judge(subject, attempt)
    })
    return tally(answers)
  }
  const job = { job: 'judgeHeld', store: address, subject, attempts, times: times / 4, now }
  return sum(await inProcesses(4, job))
}

const shared = await sharedStores('sf_held_races')
const tried: readonly Tried[] = [
  ...local,
  ...shared.map(({ name, store }) => ({ name, store })),
  ...shared.map((each) => ({ ...each, name: `${each.name}, in four processes` })),
]

for (const each of tried) {
  const { name, store } = each
  describe(`many requests at once on ${name}`, () => {
    test('of 40 uses of one app code, one passes, and the step is used up', async () => {
      const { subject } = await enrolled(store, 'one step')
      const attempt = { method: 'totp', code: appCode(secret, now) } as const
      expect(await judged(each, subject, [attempt], 40)).toEqual({ passed: 1, code_used: 39 })
      const row = await rowOf(store, subject)
      expect(row.factors['totp']).toMatchObject({ lastStep: Math.floor(now / 30_000) })
      expect(row.failures).toBe(0)
    })

    test.skipIf(each.address !== undefined)(
      'of codes from three steps, none passes twice, and none after a later one',
      async () => {
        const { subject } = await enrolled(store, 'three steps')
        const attempts = [-1, 0, 1].map(
          (by) => ({ method: 'totp', code: appCode(secret, now + by * 30_000) }) as const,
        )
        const counts = await judged(each, subject, attempts, 60)
        const { passed = 0, code_used: used = 0 } = counts
        expect(passed + used).toBe(60)
        expect(passed).toBeGreaterThanOrEqual(1)
        expect(passed).toBeLessThanOrEqual(3)
        const late = await judged({ name, store }, subject, attempts, 3)
        expect(late).toEqual({ code_used: 3 })
      },
    )

    test('of 100 uses of one recovery code, one passes, and nine codes are left', async () => {
      const { subject, codes } = await enrolled(store, 'one code')
      const attempt = { method: 'recovery-code', code: codes[4] ?? '' } as const
      expect(await judged(each, subject, [attempt], 100)).toEqual({ passed: 1, code_used: 99 })
      expect(partOf(await rowOf(store, subject)).set?.used).toBe(1 << 4)
    })

    test('ten recovery codes at once, four times each: each passes once, and no bit is lost', async () => {
      const { subject, codes } = await enrolled(store, 'ten codes')
      const attempts = codes.map((code) => ({ method: 'recovery-code', code }) as const)
      // One after the other in each process, so that each process tries each code.
      expect(await judged(each, subject, attempts, 40)).toEqual({ passed: 10, code_used: 30 })
      expect(partOf(await rowOf(store, subject)).set?.used).toBe(2 ** 10 - 1)
    })

    test('of 400 wrong app and recovery codes mixed, exactly those before the lock are judged', async () => {
      const { subject, codes } = await enrolled(store, 'guesses')
      const right = appCode(secret, now)
      const attempts = Array.from({ length: 20 }, (_, nth) =>
        nth % 2 === 0
          ? ({ method: 'totp', code: wrongCode(right, 1_000 + nth) } as const)
          : ({ method: 'recovery-code', code: newCode() } as const),
      )
      expect(await judged(each, subject, attempts, 400)).toEqual({
        code_incorrect: lockAfterFailures,
        locked_out: 400 - lockAfterFailures,
      })
      expect((await rowOf(store, subject)).failures).toBe(lockAfterFailures)
      const { judge } = heldFlows(store, now)
      expect(await judge(subject, { method: 'totp', code: right })).toBe('locked_out')
      expect(await judge(subject, { method: 'recovery-code', code: codes[0] ?? '' })).toBe('passed')
      expect((await rowOf(store, subject)).failures).toBe(0)
    })
  })
}
