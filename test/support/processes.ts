/** Runs a job in several processes at once, and gathers what they tell. */

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** What the worker has to know to open a store. `kind` names an opener of store-worker.mjs. */
export interface StoreAddress {
  readonly kind: string
  readonly [detail: string]: unknown
}

export interface Job {
  /** Names a job of store-worker.mjs; the rest is its input. */
  readonly job: string
  readonly store: StoreAddress
  readonly [input: string]: unknown
}

/** One process that is ready for its job. */
export interface Worker {
  readonly process: ChildProcess
  /** What it has told so far. */
  readonly told: readonly unknown[]
  /** Resolves when it has told one thing more. */
  nextTold(): Promise<unknown>
  /** Begins the job. */
  go(): void
  /** What the job came to; `null` where the process was killed. Rejects where the job failed. */
  readonly result: Promise<unknown>
}

interface Message {
  readonly ready?: true
  readonly told?: unknown
  readonly result?: unknown
  readonly failed?: string
}

/** Starts a process, and waits until its store is open. */
export async function startWorker(job: Job, env: NodeJS.ProcessEnv = {}): Promise<Worker> {
  const child = fork(new URL('./store-worker.mjs', import.meta.url), {
    env: { ...process.env, ...env },
    execArgv: [],
  })
  const told: unknown[] = []
  let result: unknown = null
  let failure: string | undefined
  child.on('message', (message: Message) => {
    if ('told' in message) {
      told.push(message.told)
      child.emit('told', message.told)
    }
    if ('result' in message) result = message.result
    if (message.failed !== undefined) failure = message.failed
  })
  // What a killed process told last arrives after its exit, and before the end of its channel.
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
    told,
    async nextTold() {
      const [value] = (await once(child, 'told')) as unknown[]
      return value
    },
    go() {
      child.send('go')
    },
    result: ended,
  }
}

/** Does one job in so many processes at the same moment, and answers their results. */
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
