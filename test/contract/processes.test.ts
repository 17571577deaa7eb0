/** Limits hold over several processes on one store, as exactly as in one. */

import { describe, expect, test } from 'vitest'

import { contractFlows, freshSubject, wrongCode } from '../../src/testing/contract-fixtures.js'
import { inProcesses, startWorker, sum } from '../support/processes.js'
import { sharedStores } from '../support/shared-stores.js'

/** `RACES=full` makes the races as large as they are meant to be survived. */
const full = process.env['RACES'] === 'full'
const guesses = full ? 1_000 : 200
const starts = full ? 200 : 50
const processes = 4

for (const { name, store, address } of await sharedStores('sf_processes')) {
  describe(`${processes} processes on ${name}`, () => {
    test(`${guesses} guesses at once judge exactly the budget`, async () => {
      const flows = contractFlows(store)
      const { maxAttempts } = flows.context.policy
      const subject = freshSubject('guesses')
      await flows.start(subject)
      const right = flows.sent[0] ?? ''
      const times = guesses / processes
      const job = { job: 'guess', store: address, subject, code: wrongCode(right), times }
      expect(sum(await inProcesses(processes, job))).toEqual({
        code_incorrect: maxAttempts,
        attempts_exhausted: guesses - maxAttempts,
      })
      const state = await store.read(subject)
      expect(state?.challenge?.attempts).toBe(maxAttempts)
      expect(state?.failures).toBe(maxAttempts)
      expect(await flows.guess(subject, right)).toBe('attempts_exhausted')
    })

    test(`${starts} starts at once send exactly one message`, async () => {
      const subject = freshSubject('starts')
      const job = { job: 'start', store: address, subject, times: Math.ceil(starts / processes) }
      expect(sum(await inProcesses(processes, job))).toEqual({ sent: 1 })
      expect((await store.read(subject))?.sends.count).toBe(1)
    })

    test('right guesses at once in each process give one grant', async () => {
      const flows = contractFlows(store)
      const subject = freshSubject('right')
      await flows.start(subject)
      const job = { job: 'guess', store: address, subject, code: flows.sent[0], times: 5 }
      const answers = sum(await inProcesses(processes, job))
      expect(answers).toEqual({ passed: 1, no_challenge: 5 * processes - 1 })
      expect((await store.read(subject))?.grants.length).toBe(1)
    })

    test('rounds of different users disturb each other in nothing', async () => {
      const job = { job: 'rounds', store: address, subject: freshSubject('rounds'), times: 20 }
      expect(sum(await inProcesses(processes, job))).toEqual({
        'code_incorrect, passed': 20 * processes,
      })
    })

    test('processes killed in the middle of guessing lose no failure and add no guess', async () => {
      const flows = contractFlows(store)
      const { maxAttempts } = flows.context.policy
      const subject = freshSubject('killed')
      await flows.start(subject)
      const code = wrongCode(flows.sent[0] ?? '')
      const job = { job: 'guess', store: address, subject, code, times: 25 }
      const workers = await Promise.all(Array.from({ length: processes }, () => startWorker(job)))
      for (const worker of workers) worker.go()
      for (const worker of workers.slice(0, 2)) {
        if (worker.told.length === 0) await worker.nextTold()
        worker.process.kill('SIGKILL')
      }
      await Promise.all(workers.map(({ result }) => result))
      const told = workers.flatMap((worker) => worker.told)
      expect(told.filter((answer) => answer === 'code_incorrect').length).toBeLessThanOrEqual(
        maxAttempts,
      )
      const state = await store.read(subject)
      expect(state?.challenge?.attempts).toBe(maxAttempts)
      expect(state?.failures).toBe(maxAttempts)
    })
  })
}
