/** The phone's limits hold across several processes on one store exactly as in one. */

import { describe, expect, test } from 'vitest'

import { baseAt, freshSubject } from '../../src/testing/contract-fixtures.js'
import { wrongCode } from '../support/codes.js'
import { phoneFlows } from '../support/phone-in-process.js'
import { inProcesses, startWorker, sum } from '../support/processes.js'
import { phoneOf, rowOf } from '../support/rows.js'
import { sharedStores } from '../support/shared-stores.js'

const guesses = 1_000
const starts = 200
const processes = 4

for (const { name, store, address } of await sharedStores('sf_processes')) {
  // On a machine that is busy with others, a thousand guesses take their time.
  describe(`${processes} processes on ${name}`, { timeout: 90_000 }, () => {
    test(`of ${guesses} guesses at once, exactly the budget is judged`, async () => {
      const flows = phoneFlows(store)
      const { maxAttempts } = flows.policy
      const subject = freshSubject('guesses')
      await flows.start(subject)
      const right = flows.sent[0] ?? ''
      const times = guesses / processes
      const job = { job: 'guess', store: address, subject, code: wrongCode(right), times }
      expect(sum(await inProcesses(processes, job))).toEqual({
        code_incorrect: maxAttempts,
        attempts_exhausted: guesses - maxAttempts,
      })
      const row = await rowOf(store, subject)
      expect(phoneOf(row).challenge?.attempts).toBe(maxAttempts)
      expect(row.failures).toBe(maxAttempts)
      expect(await flows.guess(subject, right)).toBe('attempts_exhausted')
    })

    test(`${starts} starts at once send exactly one message`, async () => {
      const subject = freshSubject('starts')
      const job = { job: 'start', store: address, subject, times: starts / processes }
      expect(sum(await inProcesses(processes, job))).toEqual({ sent: 1 })
      expect(phoneOf(await rowOf(store, subject)).sends.count).toBe(1)
    })

    test('right guesses at once in each process yield one grant', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('right')
      await flows.start(subject)
      const job = { job: 'guess', store: address, subject, code: flows.sent[0], times: 5 }
      const answers = sum(await inProcesses(processes, job))
      expect(answers).toEqual({ passed: 1, no_challenge: 5 * processes - 1 })
      expect((await rowOf(store, subject)).grants.length).toBe(1)
    })

    test('a lock holds until its last millisecond, and its end allows one more budget', async () => {
      const flows = phoneFlows(store)
      const { maxAttempts, lockAfterFailures } = flows.policy
      const subject = freshSubject('lock')
      await flows.start(subject)
      const started = await rowOf(store, subject)
      const until = baseAt + 60_000
      const version = started.version + 1
      const lock = { tier: 1, until }
      const locked = { ...started, version, failures: lockAfterFailures, lock }
      await store.compareAndSwap(subject, started.version, locked)

      const code = wrongCode(flows.sent[0] ?? '')
      const times = 100 / processes
      const guessesAt = async (now: number) =>
        sum(
          await inProcesses(processes, { job: 'guess', store: address, subject, code, times, now }),
        )
      expect(await guessesAt(until - 1)).toEqual({ locked_out: 100 })
      expect(await store.read(subject)).toEqual(locked)
      expect(await guessesAt(until)).toEqual({
        code_incorrect: maxAttempts,
        attempts_exhausted: 100 - maxAttempts,
      })
      expect((await rowOf(store, subject)).failures).toBe(lockAfterFailures + maxAttempts)
    })

    test('different users do not affect each other', async () => {
      const job = { job: 'rounds', store: address, subject: freshSubject('rounds'), times: 20 }
      expect(sum(await inProcesses(processes, job))).toEqual({
        'code_incorrect, passed': 20 * processes,
      })
    })

    test('processes killed in the middle of guessing lose no failure and add no guess', async () => {
      const flows = phoneFlows(store)
      const { maxAttempts } = flows.policy
      const subject = freshSubject('killed')
      await flows.start(subject)
      const code = wrongCode(flows.sent[0] ?? '')
      const job = { job: 'guess', store: address, subject, code, times: 100 }
      const workers = await Promise.all([
        ...[1, 2].map((dieAfter) => startWorker({ ...job, dieAfter })),
        ...[3, 4].map(() => startWorker(job)),
      ])
      for (const worker of workers) worker.go()
      const results = await Promise.all(workers.map(({ result }) => result))
      expect(results.slice(0, 2)).toEqual([null, null])
      const answers = workers.flatMap(({ reported }) => reported)
      const judged = answers.filter((answer) => answer === 'code_incorrect')
      expect(judged.length).toBeLessThanOrEqual(maxAttempts)
      const row = await rowOf(store, subject)
      expect(phoneOf(row).challenge?.attempts).toBe(maxAttempts)
      expect(row.failures).toBe(maxAttempts)
    })
  })
}
