/** A process killed between recording an action and doing it leaves an entry that shows this. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import { expect, test } from 'vitest'

import { sqlAudits } from '../support/shared-audits.js'

const tableName = 'sf_audit_killed'
const audits = await sqlAudits(tableName)

test('an action interrupted by a kill stays recorded as started in every database', async () => {
  const worker = spawn(
    process.execPath,
    [
      new URL('../support/audit-worker.mjs', import.meta.url).pathname,
      tableName,
      ...audits.map(({ url }) => url),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(worker, 'exit')
  let waiting = 0
  for await (const line of createInterface({ input: worker.stdout })) {
    expect(line).toBe('waiting')
    waiting += 1
    if (waiting === audits.length) break
  }
  worker.kill('SIGKILL')
  await ended
  expect(waiting).toBe(audits.length)
  for (const { audit } of audits) {
    const entries = await audit.read({ subject: '42', limit: 10, before: null })
    expect(entries).toMatchObject([
      { type: 'reset', actor: 'maria', reason: 'ticket 4711', outcome: 'started' },
    ])
  }
})
