#!/usr/bin/env node
/** The program `passport-second-factor`. */

import { createInterface } from 'node:readline/promises'

import { run } from './run.js'

const { stdin, stdout, stderr } = process

/** Asks on stderr, because stdout may be piped. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: stdin, output: stderr })
  try {
    return await terminal.question(question)
  } finally {
    terminal.close()
  }
}

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => {
    stdout.write(`${line}\n`)
  },
  error: (line) => {
    stderr.write(`${line}\n`)
  },
  ask: stdin.isTTY && stderr.isTTY ? ask : undefined,
})
