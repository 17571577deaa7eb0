/** Runs a job in several processes at once, and collects their results. */

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import { afterTests } from './after-tests.js'

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
  readonly worker?: 'store-worker.mjs' | 'counts-worker.mjs' | 'starts-worker.mjs'
  readonly store?: StoreAddress
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

/** A process, and its end. */
interface Forked {
  readonly runs: string
  readonly child: ChildProcess
  readonly ended: Promise<void>
}

/** Processes that have done their jobs. Another job goes to one of them, because loading modules again takes long. */
const idle = new Set<Forked>()

function forkOrReuse(worker: string, env: NodeJS.ProcessEnv): Forked {
  const runs = JSON.stringify([worker, env])
  const reused = [...idle].find((forked) => forked.runs === runs)
  if (reused !== undefined) {
    idle.delete(reused)
    return reused
  }
  const child = fork(new URL(`./${worker}`, import.meta.url), {
    env: { ...process.env, ...env },
    execArgv: [],
  })
  // The last report of a killed process arrives after its exit, and before the end of its channel.
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(([[status]]) => {
    if (status !== 0 && status !== null) throw new Error(`a worker exited with ${status}`)
  })
  afterTests(() => {
    idle.delete(forked)
    if (child.connected) child.disconnect()
    return ended
  })
  const forked = { runs, child, ended }
  return forked
}

/** Hands a job to a process, and waits until what the job needs is open. */
export async function startWorker(job: Job, env: NodeJS.ProcessEnv = {}): Promise<Worker> {
  const forked = forkOrReuse(job.worker ?? 'store-worker.mjs', env)
  const { child, ended } = forked
  const reported: unknown[] = []
  const done = new Promise((resolve, reject) => {
    const listen = (message: Message) => {
      if ('reported' in message) {
        reported.push(message.reported)
        child.emit('reported', message.reported)
      }
      if (message.result === undefined && message.failed === undefined) return
      child.off('message', listen)
      idle.add(forked)
      if (message.failed === undefined) resolve(message.result)
      else reject(new Error(message.failed))
    }
    child.on('message', listen)
  })
  const result = Promise.race([done, ended.then(() => null)])
  child.send(job)
  await Promise.race([once(child, 'message'), result])
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
    result,
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
