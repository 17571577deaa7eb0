/** What an operator sees of a person. */

import type { SubjectStatus } from '../flows/subject-status.js'
import type { DeviceView } from '../flows/trust.js'
import type { AuditEntry } from '../ports/audit-log.js'
import type { HeldItem } from '../ports/enrolment.js'

/** A person, as the page and the JSON show them. */
export interface Person {
  /** The id, as it was asked for. */
  readonly id: string
  readonly status: SubjectStatus
  readonly factors: readonly HeldItem[]
  readonly devices: readonly DeviceView[]
  /** Sessions that have passed and go on. */
  readonly passes: number
  /** The latest entries of the audit log; `none` without one, `unavailable` where it does not answer. */
  readonly history: readonly AuditEntry[] | 'none' | 'unavailable'
  /** Whether the operator looks at their own account, for which nobody acts. */
  readonly isSelf: boolean
  /** Whether anything is kept of the id. */
  readonly isKnown: boolean
}
