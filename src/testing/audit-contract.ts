/** The contract of audit logs, as cases for any test runner. */

import assert from 'node:assert/strict'

import { newAuditId } from '../core/audit-id.js'
import { newId } from '../core/random.js'
import type { AuditEntry, AuditLog } from '../ports/audit-log.js'
import { inParallel } from './contract-fixtures.js'
import type { StoreContractCase } from './store-contract.js'

/** An audit log to test. */
export interface AuditUnderTest {
  readonly audit: AuditLog
  /** Called after a case, even if it fails. */
  close?(): Promise<void>
}

/**
 * The cases that an `AuditLog` has to pass. `open` is called once per case. Every case uses its own subjects, so they can
 * share a database, but two runs at once cannot.
 *
 * @example
 * for (const { title, run } of auditContract(() => openMyAudit())) test(title, run)
 */
export function auditContract(open: () => Promise<AuditUnderTest>): StoreContractCase[] {
  return cases.map(({ title, run }) => ({
    title,
    run: async () => {
      const opened = await open()
      try {
        await run(opened.audit)
      } finally {
        await opened.close?.()
      }
    },
  }))
}

/** Far from the time of any real entry. */
const start = Date.UTC(2040, 0, 1, 12, 0, 0, 123)

function entryAt(at: number, parts: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ id: newAuditId(at), at: new Date(at), type: 'passed', subject: newId() },
    ...{ actor: null, reason: null, outcome: null, details: {} },
    ...parts,
  }
}

async function allOf(audit: AuditLog, subject: string): Promise<readonly AuditEntry[]> {
  return audit.read({ subject, limit: 500, before: null })
}

const cases: readonly { title: string; run: (audit: AuditLog) => Promise<void> }[] = [
  {
    title: 'an entry is read exactly as it was written, whatever it contains',
    async run(audit) {
      const subject = newId()
      const entries = [
        entryAt(start, { subject, details: { methods: ['sms'], times: 2, id: null, on: true } }),
        entryAt(start + 1, {
          ...{ subject, type: 'reset', outcome: 'started', details: { scope: 'all' } },
          ...{ actor: `maria'; DROP TABLE "x"; -- \\ %_ $1 ?`, reason: '𝔲nicode 🔐 ‮evil‬ é' },
        }),
        entryAt(start + 2, { subject, actor: 'a'.repeat(200), reason: '🔐'.repeat(100) }),
      ]
      await audit.append(entries)
      assert.deepEqual(await allOf(audit, subject), entries.toReversed())
    },
  },
  {
    title: 'subjects that differ in a single byte are different',
    async run(audit) {
      const id = newId()
      const subjects = [`${id}a`, `${id}A`, `${id}á`, `${id}a `.trimEnd() + '_']
      await audit.append(subjects.map((subject) => entryAt(start, { subject })))
      for (const subject of subjects) {
        const found = await allOf(audit, subject)
        assert.deepEqual(
          found.map((entry) => entry.subject),
          [subject],
        )
      }
      assert.deepEqual(await allOf(audit, id), [])
    },
  },
  {
    title: 'entries are read newest first and page by page, in order even within one millisecond',
    async run(audit) {
      const subject = newId()
      const entries = Array.from({ length: 61 }, (_none, index) =>
        entryAt(start + Math.floor(index / 7), { subject, details: { index } }),
      )
      await audit.append(entries)
      await audit.append([entryAt(start, { details: { index: 'of somebody else' } })])
      const seen: unknown[] = []
      let before: string | null = null
      for (;;) {
        const page: readonly AuditEntry[] = await audit.read({ subject, limit: 20, before })
        assert.ok(page.length <= 20)
        seen.push(...page.map(({ details }) => details['index']))
        before = page.at(-1)?.id ?? null
        if (page.length < 20) break
      }
      assert.deepEqual(seen, entries.map((_entry, index) => index).toReversed())
    },
  },
  {
    title: 'an entry that is written twice stays unchanged, and the others are still written',
    async run(audit) {
      const subject = newId()
      const [first, second] = [entryAt(start, { subject }), entryAt(start + 1, { subject })]
      await audit.append([first])
      await audit.append([{ ...first, type: 'locked' }, second])
      assert.deepEqual(await allOf(audit, subject), [second, first])
      await audit.append([])
    },
  },
  {
    title: 'the outcome of an action is recorded once, and only on its own entry',
    async run(audit) {
      const subject = newId()
      const action = entryAt(start, { subject, outcome: 'started', details: { scope: 'all' } })
      const event = entryAt(start + 1, { subject })
      await audit.append([action, event])
      await audit.settle(action.id, 'refused', { scope: 'all', code: 'last_factor' })
      await audit.settle(action.id, 'done', {})
      await audit.settle(event.id, 'done', {})
      await audit.settle(newAuditId(start), 'done', {})
      const settled = { outcome: 'refused', details: { scope: 'all', code: 'last_factor' } }
      assert.deepEqual(await allOf(audit, subject), [event, { ...action, ...settled }])
    },
  },
  {
    title: 'no entry of many concurrent writers is lost',
    async run(audit) {
      const subject = newId()
      await inParallel(40, (n) =>
        audit.append([entryAt(start + n, { subject }), entryAt(start + n, { subject })]),
      )
      assert.equal((await allOf(audit, subject)).length, 80)
    },
  },
  {
    title: 'prune, if the log has it, removes old entries and nothing else',
    async run(audit) {
      if (audit.prune === undefined) return
      const subject = newId()
      // Long ago, because no entry in use may be old enough to be pruned along with these.
      const now = Date.UTC(2001, 0, 1)
      const [old, young] = [entryAt(0, { subject }), entryAt(now, { subject })]
      await audit.append([old, young])
      while ((await audit.prune(new Date(now))) > 0);
      assert.deepEqual(await allOf(audit, subject), [young])
    },
  },
]
