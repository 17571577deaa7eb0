/** Every audit log keeps the audit log contract. */

import { describe, expect, test } from 'vitest'

import { memoryAudit } from '../../src/adapters/memory/memory-audit.js'
import { newAuditId } from '../../src/core/audit-id.js'
import { auditContract } from '../../src/testing/index.js'
import { allAudits } from '../support/shared-audits.js'

for (const { name, audit } of await allAudits('sf_audit_contract')) {
  describe(`the audit log in ${name}`, () => {
    for (const { title, run } of auditContract(() => Promise.resolve({ audit }))) test(title, run)
  })
}

test('the contract leaves entries in use alone, even if it runs on a log of real entries', async () => {
  const audit = memoryAudit()
  const at = new Date()
  const what = { type: 'passed', actor: null, reason: null, outcome: null, details: {} }
  const real = { ...what, id: newAuditId(at.getTime()), at, subject: 'a user' }
  await audit.append([real])
  for (const { run } of auditContract(() => Promise.resolve({ audit }))) await run()
  expect(await audit.read({ subject: 'a user', limit: 10, before: null })).toEqual([real])
})
