/** How a worker process does its jobs: it opens what a job needs, waits for the others, and sends the result. */

import { once } from 'node:events'

/** Does one job after the other until the parent ends. `open` resolves with the job's work, ready to run. */
export async function doJobs(open) {
  const [job] = await once(process, 'message')
  const { run, close } = await open(job)
  process.send({ ready: true })
  await once(process, 'message')
  const ended = await run().then(
    (result) => ({ result: result ?? null }),
    (error) => ({ failed: `${error.name}: ${error.message}` }),
  )
  await close()
  process.send(ended)
  await doJobs(open)
}

/**
 * Reports to the parent, and kills this process once so many reports have left it. It kills itself, because a signal
 * from the parent may arrive when the job is already done. Awaiting each report keeps the job unfinished until then.
 */
export function reporter(dieAfter = Infinity) {
  let left = dieAfter
  return (report) =>
    new Promise((resolve) => {
      process.send({ reported: report }, () => {
        left -= 1
        if (left <= 0) die()
        else resolve()
      })
    })
}

/** Ends this process as a crash of its machine would: nothing more runs. */
export function die() {
  process.kill(process.pid, 'SIGKILL')
}
