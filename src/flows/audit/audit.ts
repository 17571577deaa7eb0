/** The audit trail: records operators' actions before they are performed, and everything else shortly afterwards. */

import { isAuditId, newAuditId } from '../../core/audit-id.js'
import { auditSubjects } from '../../core/audit-subject.js'
import { AuditUnavailableError, ConfigurationError, SecondFactorError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import { isRefusal } from '../../core/refusal.js'
import type { AuditEntry, AuditLog } from '../../ports/audit-log.js'
import type { AuditTrail } from './audit-trail.js'
import { auditBuffer } from './audit-buffer.js'
import { detailsOf, isAudited } from './audited-events.js'
import { emit, type FlowContext } from '../context.js'
import { withDeadline } from '../deadline.js'

/** Makes the trail from a log. */
export function auditTrail(log: AuditLog, flow: () => FlowContext): AuditTrail {
  const subjects = auditSubjects(() => flow().keys())
  const entry = (facts: Omit<AuditEntry, 'id' | 'at'>): AuditEntry => {
    const at = flow().clock()
    return { ...facts, id: newAuditId(at), at: new Date(at) }
  }
  const asked = <T>(work: () => Promise<T>) => inTime(work, flow().storeTimeoutSeconds)
  /** Does the same, and emits an event for a fault. */
  const reported = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await asked(work)
    } catch (error) {
      if (error instanceof AuditUnavailableError) {
        emit(flow(), { type: 'fault', code: error.code, message: error.message })
      }
      throw error
    }
  }
  const buffer = auditBuffer({
    append: (entries) => reported(() => log.append(entries)),
    settle: (...note) => reported(() => log.settle(...note)),
    lossOf: (count) => entry({ ...nobody, type: 'audit_incomplete', details: { lost: count } }),
  })
  return {
    async act({ type, subject, actor, reason, details: facts = {} }, work) {
      const details = detailsOf(facts)
      const started = entry({
        ...{ type, subject: subject === null ? null : subjects.written(subject), details },
        ...{ actor: actor ?? null, reason: reason ?? null, outcome: 'started' },
      })
      const settle = async (outcome: 'done' | 'refused' | 'failed', code?: string) => {
        const note = [
          started.id,
          outcome,
          code === undefined ? details : { ...details, code },
        ] as const
        // The action is already performed, so retry later. Until then the entry says `started`.
        await reported(() => log.settle(...note)).catch(() => {
          buffer.settleLater(...note)
        })
      }
      let writing: Promise<void> | undefined
      await reported(() => (writing = log.append([started]))).catch((error: unknown) => {
        // The write may still arrive. Mark the entry as refused, or it would look like an interrupted action.
        const settleLate = () => {
          buffer.settleLater(started.id, 'refused', { ...details, code: 'audit_unavailable' })
        }
        writing?.then(settleLate, settleLate)
        throw error
      })
      try {
        const result = await work()
        if (isRefusal(result)) await settle('refused', result.code)
        else await settle('done')
        return result
      } catch (error) {
        await settle('failed', error instanceof SecondFactorError ? error.code : 'error')
        throw error
      }
    },
    note(event) {
      if (!isAudited(event, flow().factors)) return
      const subject = 'subject' in event ? subjects.written(event.subject) : null
      buffer.add(entry({ ...nobody, type: event.type, subject, details: detailsOf(event) }))
    },
    async history(subject, options = {}) {
      assertKnownOptions('history', options, { limit: true, before: true })
      const { limit = 50, before = null } = options
      demand(
        'limit',
        Number.isSafeInteger(limit) && limit >= 1 && limit <= 500,
        'a whole number from 1 to 500',
      )
      demand('before', before === null || isAuditId(before), 'the id of an entry')
      const query = { subject: subjects.searched(subject), limit, before }
      await buffer.flush()
      return asked(() => log.read(query))
    },
    async check() {
      await asked(() => log.read({ subject: 'health', limit: 1, before: null }))
    },
    flush: () => buffer.flush(),
  }
}

const nobody = { subject: null, actor: null, reason: null, outcome: null } as const

async function inTime<T>(work: () => Promise<T>, seconds: number): Promise<T> {
  try {
    const late = () => new AuditUnavailableError(`the audit log did not answer within ${seconds} s`)
    return await withDeadline(work(), seconds, late)
  } catch (error) {
    if (error instanceof AuditUnavailableError || error instanceof ConfigurationError) throw error
    // Errors of our own adapters say how to fix it, and contain no values of the statement.
    const said = error instanceof SecondFactorError ? `: ${error.message}` : ''
    throw new AuditUnavailableError(`the audit log failed${said}`, { cause: error })
  }
}

function demand(name: string, holds: boolean, what: string): void {
  if (!holds) throw new ConfigurationError(`history: ${name} must be ${what}`, `history.${name}`)
}
