#!/usr/bin/env node
/** The program `passport-second-factor`. */

import { run } from './run.js'

const { stdout, stderr } = process

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => {
    stdout.write(`${line}\n`)
  },
  error: (line) => {
    stderr.write(`${line}\n`)
  },
})
