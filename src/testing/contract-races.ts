/** The contract's cases about limits: many real flows at once on the store must not exceed them. */

import assert from 'node:assert/strict'

import { after, withPart, type FactorPart } from '../core/state.js'
import { transition } from '../flows/transition.js'
import {
  bareState,
  baseAt,
  contractFlows,
  freshSubject,
  heldParts,
  inParallel,
  tally,
  withParts,
  type ContractCase,
} from './contract-fixtures.js'
import { countingKind } from './counting-factor.js'

/** A count that is always wrong. */
const wrong = 1_000

export const raceCases: readonly ContractCase[] = [
  {
    title: 'of 200 concurrent wrong guesses, exactly those before the lock are checked',
    async run(store) {
      const flows = contractFlows(store)
      const { lockAfterFailures, lockLadderSeconds } = flows.context.policy
      const subject = freshSubject('guesses')
      const answers = await inParallel(200, () => flows.guess(subject, wrong))
      assert.deepEqual(tally(answers), {
        code_incorrect: lockAfterFailures,
        locked_out: 200 - lockAfterFailures,
      })
      const state = await store.read(subject)
      assert.equal(state?.failures, lockAfterFailures)
      assert.deepEqual(state.lock, { tier: 1, until: after(baseAt, lockLadderSeconds[0] ?? 0) })
      assert.equal(await flows.guess(subject, 0), 'locked_out')
    },
  },
  {
    title: 'of 100 concurrent right guesses, one passes and gets the only grant',
    async run(store) {
      const flows = contractFlows(store)
      const subject = freshSubject('right twice')
      const answers = await inParallel(100, () => flows.guess(subject, 0))
      assert.deepEqual(tally(answers), { passed: 1, code_expired: 99 })
      const state = await store.read(subject)
      assert.equal(state?.grants.length, 1)
      assert.deepEqual(state.factors[countingKind], { passes: 1 })
    },
  },
  {
    title: 'sixteen codes that are used concurrently each set their own bit, and none is lost',
    async run(store) {
      const { context } = contractFlows(store)
      const subject = freshSubject('bits')
      const { recovery } = heldParts
      const first = withParts(bareState(subject, 1), { ...heldParts })
      const unusedSet = { ...recovery, set: { ...recovery.set, used: 0 } }
      const unused = withPart(first, 'recovery', unusedSet)
      await store.compareAndSwap(subject, null, unused)
      const passed = await inParallel(64, async (nth) => {
        const bit = 1 << (nth % 16)
        const { outcome } = await transition(context, subject, (row) => {
          const part = row.factors['recovery'] as typeof recovery & FactorPart
          if ((part.set.used & bit) !== 0) return { state: row, outcome: 'used' }
          const next = { ...part, set: { ...part.set, used: part.set.used | bit } }
          return { state: withPart(row, 'recovery', next), outcome: 'passed' }
        })
        return outcome
      })
      assert.deepEqual(tally(passed), { passed: 16, used: 48 })
      const state = await store.read(subject)
      assert.deepEqual(state?.factors, {
        ...heldParts,
        recovery: { ...recovery, set: { ...recovery.set, used: 2 ** 16 - 1 } },
      })
    },
  },
  {
    title: 'concurrent steps of an app pass only in rising order',
    async run(store) {
      const { context } = contractFlows(store)
      const subject = freshSubject('steps')
      const first = withParts(bareState(subject, 1), { totp: { ...heldParts.totp, lastStep: 0 } })
      await store.compareAndSwap(subject, null, first)
      const passed: { readonly version: number; readonly step: number }[] = []
      await inParallel(60, async (nth) => {
        const step = 1 + (nth % 20)
        const { state, outcome } = await transition(context, subject, (row) => {
          const part = row.factors['totp'] as FactorPart & { readonly lastStep: number }
          if (step <= part.lastStep) return { state: row, outcome: false }
          const next = { ...part, lastStep: step }
          return { state: withPart(row, 'totp', next), outcome: true }
        })
        if (outcome) passed.push({ version: state.version, step })
      })
      const steps = passed.sort((left, right) => left.version - right.version)
      const rising = steps.every(({ step }, at) => at === 0 || step > (steps[at - 1]?.step ?? 0))
      assert.ok(rising, 'each step that passes is above every one before it')
      const state = await store.read(subject)
      assert.deepEqual(state?.factors, { totp: { ...heldParts.totp, lastStep: 20 } })
    },
  },
  {
    title:
      'a lock refuses 100 guesses in its last millisecond, and its end allows one budget of guesses',
    async run(store) {
      const flows = contractFlows(store)
      const { lockAfterFailures } = flows.context.policy
      const subject = freshSubject('out of the lock')
      const until = baseAt + 1_000
      const locked = {
        ...bareState(subject, 1),
        failures: lockAfterFailures,
        lock: { tier: 1, until },
      }
      await store.compareAndSwap(subject, null, locked)

      flows.setNow(until - 1)
      const before = await inParallel(100, () => flows.guess(subject, wrong))
      assert.deepEqual(tally(before), { locked_out: 100 })
      assert.deepEqual(await store.read(subject), locked)

      flows.setNow(until)
      const behind = await inParallel(100, () => flows.guess(subject, wrong))
      assert.deepEqual(tally(behind), {
        code_incorrect: lockAfterFailures,
        locked_out: 100 - lockAfterFailures,
      })
      assert.equal((await store.read(subject))?.failures, 2 * lockAfterFailures)
    },
  },
]
