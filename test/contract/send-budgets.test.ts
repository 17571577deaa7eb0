/** Several processes share one send limit, and send exactly that many messages. */

import { randomBytes } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { inProcesses, startWorker, sum, type Job, type StoreAddress } from '../support/processes.js'
import { sharedCounts } from '../support/shared-counts.js'
import { hour, second, t0 } from '../support/clock.js'

const budget = 60
const secret = randomBytes(32).toString('base64url')

/** Each job has an hour of its own, at least a week behind that of any before. */
let jobs = 0
function jobOf(store: StoreAddress, parts: object = {}): Job {
  jobs += 1
  return {
    ...{ job: 'send', worker: 'counts-worker.mjs', store, secret },
    rules: { application: { perDay: budget, newShare: 1 } },
    ...{ times: 50, atOnce: 16, now: t0 + jobs * 200 * hour + 300 * second },
    ...parts,
  }
}

for (const { name, counts, address } of await sharedCounts('sf_send_budgets')) {
  describe(`processes on ${name}`, { timeout: 90_000 }, () => {
    const heldAt = async (now: number) => {
      const series = await counts.series(['~~'], Math.floor(now / 600_000) - 144)
      return series.reduce((total, { units }) => total + units, 0)
    }

    for (const count of [2, 4]) {
      test(`${count} of them with one limit send exactly that many messages`, async () => {
        const job = jobOf(address)
        const results = await runAll(
          Array.from({ length: count }, (_, n) => ({ ...job, first: n * 1_000 })),
        )
        expect(results).toEqual({ sent: budget })
        expect(await heldAt(Number(job['now']))).toBe(budget)
      })
    }

    test('with clocks thirty seconds apart at a bucket boundary send exactly that many', async () => {
      const job = jobOf(address)
      const edge = Number(job['now']) + 300 * second
      const results = await runAll([
        { ...job, now: edge - 15 * second },
        { ...job, now: edge + 15 * second, first: 1_000 },
      ])
      expect(results).toEqual({ sent: budget })
    })

    test('of which one is killed have counted at least what was sent, and keep the limit', async () => {
      const job = jobOf(address, { times: 20, atOnce: 4 })
      const killed = await startWorker({ ...job, times: 1_000, dieAfter: 5 })
      killed.go()
      expect(await killed.result).toBe(null)
      const before = killed.reported.length
      const after = await inProcesses(1, { ...job, times: 100, first: 5_000 })
      const sent = before + Number(sum(after)['sent'])
      // At most what it had in hand was counted and not sent; a server may still carry that out.
      expect(sent).toBeLessThanOrEqual(budget)
      expect(sent).toBeGreaterThanOrEqual(budget - 4)
      expect(await heldAt(Number(job['now']))).toBe(budget)
    })
  })
}

/** Runs jobs at the same moment. */
async function runAll(list: readonly Job[]): Promise<Record<string, number>> {
  const workers = await Promise.all(list.map((job) => startWorker(job)))
  for (const worker of workers) worker.go()
  return sum(await Promise.all(workers.map(({ result }) => result)))
}
