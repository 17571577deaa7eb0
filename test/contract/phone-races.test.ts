/** The phone's limits under many requests at once, in one process, on every store. */

import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { after, type SubjectState } from '../../src/core/state.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { baseAt, freshSubject, inParallel, tally } from '../../src/testing/contract-fixtures.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { phoneFlows } from '../support/phone-in-process.js'
import { phoneOf, rowOf } from '../support/rows.js'
import { sharedStores } from '../support/shared-stores.js'
import { shuffled } from '../support/shuffled-store.js'

const stores: readonly { readonly name: string; readonly store: StateStore }[] = [
  { name: 'the memory store', store: memoryStore() },
  { name: 'the memory store, its answers overtaking each other', store: shuffled(memoryStore()) },
  ...(await sharedStores('sf_phone_races')),
]

for (const { name, store } of stores) {
  describe(`many requests at once on ${name}`, () => {
    /** A user who was sent a code, and that code. `fields` replaces some of the row. */
    async function started(label: string, fields: Partial<SubjectState> = {}) {
      const flows = phoneFlows(store)
      const subject = freshSubject(label)
      await flows.start(subject)
      const [right = ''] = flows.sent
      const row = await rowOf(store, subject)
      const next = { ...row, version: row.version + 1, ...fields }
      expect(await store.compareAndSwap(subject, row.version, next)).toBe(true)
      return { flows, subject, right, wrong: wrongCode(right) }
    }

    test('of 200 guesses, exactly the budget is judged', async () => {
      const { flows, subject, right, wrong } = await started('guesses')
      const { maxAttempts } = flows.policy
      const answers = await inParallel(200, () => flows.guess(subject, wrong))
      expect(tally(answers)).toEqual({
        code_incorrect: maxAttempts,
        attempts_exhausted: 200 - maxAttempts,
      })
      const row = await rowOf(store, subject)
      expect(phoneOf(row).challenge?.attempts).toBe(maxAttempts)
      expect(row.failures).toBe(maxAttempts)
      expect(await flows.guess(subject, right)).toBe('attempts_exhausted')
    })

    test('50 starts send exactly one message', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('starts')
      const answers = await inParallel(50, () => flows.start(subject))
      expect(flows.sent.length).toBe(1)
      const outcomes = answers.map(outcomeOf)
      expect(tally(outcomes)).toEqual({ pending: 1, cooldown: 49 })
      expect(await flows.runningCode(subject)).toBe(flows.sent[0])
    })

    test('two right guesses yield one grant', async () => {
      const { flows, subject, right } = await started('right twice')
      const answers = await inParallel(2, () => flows.guess(subject, right))
      expect(tally(answers)).toEqual({ passed: 1, no_challenge: 1 })
      const row = await rowOf(store, subject)
      expect(row.grants.length).toBe(1)
      expect(phoneOf(row).challenge).toBe(null)
    })

    test('of 100 guesses that reach the lock, none is judged after it', async () => {
      const { lockAfterFailures, lockLadderSeconds } = phoneFlows(store).policy
      const failures = lockAfterFailures - 1
      const { flows, subject, right, wrong } = await started('into the lock', { failures })
      const answers = await inParallel(100, () => flows.guess(subject, wrong))
      expect(tally(answers)).toEqual({ code_incorrect: 1, locked_out: 99 })
      const row = await rowOf(store, subject)
      expect(row.failures).toBe(lockAfterFailures)
      expect(row.lock).toEqual({ tier: 1, until: after(baseAt, lockLadderSeconds[0] ?? 0) })
      expect(phoneOf(row).challenge?.attempts).toBe(1)
      expect(await flows.guess(subject, right)).toBe('locked_out')
    })

    test('a lock refuses 100 guesses at its last millisecond, and its end allows one more budget', async () => {
      const { maxAttempts, lockAfterFailures } = phoneFlows(store).policy
      const until = baseAt + 1_000
      const { flows, subject, right, wrong } = await started('out of the lock', {
        failures: lockAfterFailures,
        lock: { tier: 1, until },
      })
      const locked = await rowOf(store, subject)

      flows.setNow(until - 1)
      const before = await inParallel(100, (index) =>
        flows.guess(subject, index === 50 ? right : wrong),
      )
      expect(tally(before)).toEqual({ locked_out: 100 })
      expect(await store.read(subject)).toEqual(locked)

      flows.setNow(until)
      const behind = await inParallel(100, () => flows.guess(subject, wrong))
      expect(tally(behind)).toEqual({
        code_incorrect: maxAttempts,
        attempts_exhausted: 100 - maxAttempts,
      })
      expect((await rowOf(store, subject)).failures).toBe(lockAfterFailures + maxAttempts)
    })
  })
}
