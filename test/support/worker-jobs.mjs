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
