/**
 * One process that starts the example for one environment after another, each time until it would end. What `main.js`
 * imports is loaded once, which is most of the time that a start takes.
 */

import { doJobs } from './worker-jobs.mjs'

const main = new URL('../../example-app/dist/main.js', import.meta.url)
const { exit } = process
let starts = 0

/** Resolves with the exit code and everything printed until then. */
function startUntilExit(env) {
  starts += 1
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) {
    process[name].write = (text) => {
      printed[name] += text
      return true
    }
  }
  process.env = env
  return new Promise((resolve, reject) => {
    process.exit = (code) => resolve({ code, ...printed })
    import(`${main}?start=${starts}`).catch(reject)
  })
}

// Connections that a start had opened would keep the process.
process.once('disconnect', () => exit(0))
doJobs(async ({ env }) => ({ run: () => startUntilExit(env), close: () => undefined }))
