/** The contract's cases about limits: the real flows on the store, many at once, counted by what was let through. */

import assert from 'node:assert/strict'

import { after } from '../core/state.js'
import {
  bareState,
  baseAt,
  contractFlows,
  freshSubject,
  inParallel,
  tally,
  type ContractCase,
} from './contract-fixtures.js'
import { countingKind } from './counting-factor.js'

/** A count that is wrong, however often the user has passed. */
const wrong = 1_000

export const raceCases: readonly ContractCase[] = [
  {
    title: 'of 200 wrong guesses at once, exactly those before the lock are judged',
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
    title: 'of 100 right guesses at once, one passes and gets the one grant',
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
    title: 'a lock refuses 100 guesses at its last millisecond, and its end gives one allowance',
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
