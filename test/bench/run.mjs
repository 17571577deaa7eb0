/**
 * Prints the cost of the second factor as ratios within this one run: `npm run bench`, or `npm run bench -- statements
 * gate` for some parts.
 */

import os from 'node:os'

import { bytes } from './bytes.mjs'
import { counts } from './counts.mjs'
import { contention } from './contention.mjs'
import { gate } from './gate.mjs'
import { held } from './held.mjs'
import { http } from './http.mjs'
import { limits } from './limits.mjs'
import { memory } from './memory.mjs'
import { rounds } from './rounds.mjs'
import { rows } from './rows.mjs'
import { statements } from './statements.mjs'

const parts = {
  rounds,
  statements,
  http,
  gate,
  held,
  rows,
  bytes,
  memory,
  contention,
  limits,
  counts,
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !Object.hasOwn(parts, name))
if (unknown !== undefined) {
  console.error(`no part is called ${unknown}; the parts are ${Object.keys(parts).join(', ')}`)
  process.exit(1)
}

const [cpu] = os.cpus()
console.log(`Node ${process.version}, ${os.cpus().length} × ${cpu?.model ?? 'unknown processor'}`)
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const started = performance.now()
  console.log(`\n${name}`)
  for await (const line of part()) console.log(`  ${line}`)
  console.log(`  (${Math.round((performance.now() - started) / 1000)} s)`)
}
