/** Runs a job in several processes at once, and collects their results. */

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Tells a worker which store to open. `kind` names an opener of the worker. */
export interface StoreAddress {
  readonly kind: string
  readonly [detail: string]: unknown
}

export interface Job {
  /** Names a job of the worker; the rest is its input. */
  readonly job: string
  /**
   * The file that a process runs.
   *
   * @default 'store-worker.mjs'
   */
  readonly worker?: 'store-worker.mjs' | 'counts-worker.mjs'
  readonly store: StoreAddress
  readonly [input: string]: unknown
}

/** One process that is ready for its job. */
export interface Worker {
  readonly process: ChildProcess
  /** Everything it has reported so far. */
  readonly reported: readonly unknown[]
  /** Resolves with its next report. */
  nextReport(): Promise<unknown>
  /** Begins the job. */
  go(): void
  /** The job's result; `null` where the process was killed. Rejects where the job failed. */
  readonly result: Promise<unknown>
}

interface Message {
  readonly ready?: true
  readonly reported?: unknown
  readonly result?: unknown
  readonly failed?: string
}

/** Starts a process, and waits until its store is open. */
export async function startWorker(job: Job, env: NodeJS.ProcessEnv = {}): Promise<Worker> {
  const child = fork(new URL(`./${job.worker ?? 'store-worker.mjs'}`, import.meta.url), {
    env: { ...process.env, ...env },
    execArgv: [],
  })
  const reported: unknown[] = []
  let result: unknown = null
  let failure: string | undefined
  child.on('message', (message: Message) => {
    if ('reported' in message) {
      reported.push(message.reported)
      child.emit('reported', message.reported)
    }
    if ('result' in message) result = message.result
    if (message.failed !== undefined) failure = message.failed
  })
  // The last report of a killed process arrives after its exit, and before the end of its channel.
  const ends = Promise.all([once(child, 'exit'), once(child, 'disconnect')])
  const ended = ends.then(([[status]]) => {
    if (failure !== undefined || (status !== 0 && status !== null)) {
      throw new Error(failure ?? `a worker exited with ${status}`)
    }
    return result
  })
  child.send(job)
  await Promise.race([once(child, 'message'), ended])
  return {
    process: child,
    reported,
    async nextReport() {
      const [report] = (await once(child, 'reported')) as unknown[]
      return report
    },
    go() {
      child.send('go')
    },
    result: ended,
  }
}

/** Does one job in so many processes at the same moment, and returns their results. */
export async function inProcesses(count: number, job: Job): Promise<unknown[]> {
  const workers = await Promise.all(Array.from({ length: count }, () => startWorker(job)))
  for (const worker of workers) worker.go()
  return Promise.all(workers.map(({ result }) => result))
}

/** Does one job in a process of its own. */
export async function inProcess(job: Job, env: NodeJS.ProcessEnv = {}): Promise<Worker> {
  const worker = await startWorker(job, env)
  worker.go()
  await worker.result
  return worker
}

/** Adds up tallies. */
export function sum(tallies: readonly unknown[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const counts of tallies as Record<string, number>[]) {
    for (const [key, count] of Object.entries(counts)) total[key] = (total[key] ?? 0) + count
  }
  return total
}
