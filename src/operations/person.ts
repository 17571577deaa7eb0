/** The person that an operator looks at. */

import type { SubjectStatus } from '../flows/subject-status.js'
import type { DeviceView } from '../flows/trust.js'
import type { AuditEntry } from '../ports/audit-log.js'
import type { HeldItem } from '../ports/enrolment.js'

/** A person, as the page and the JSON show them. */
export interface Person {
  /** The id as the operator gave it. */
  readonly id: string
  readonly status: SubjectStatus
  readonly factors: readonly HeldItem[]
  readonly devices: readonly DeviceView[]
  /** The number of sessions with an active grant. */
  readonly grants: number
  /** The latest entries of the audit log; `none` if there is no log, `unavailable` if it does not answer. */
  readonly history: readonly AuditEntry[] | 'none' | 'unavailable'
  /** True if this is the operator's own account, on which they cannot act. */
  readonly isSelf: boolean
  /** True if a row exists for the id. */
  readonly isKnown: boolean
}
