/** Every audit log keeps the audit log contract. */

import { describe, test } from 'vitest'

import { auditContract } from '../../src/testing/index.js'
import { allAudits } from '../support/shared-audits.js'

for (const { name, audit } of await allAudits('sf_audit_contract')) {
  describe(`the audit log in ${name}`, () => {
    for (const { title, run } of auditContract(() => Promise.resolve({ audit }))) test(title, run)
  })
}
