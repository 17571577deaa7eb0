/** What an operator sees of a person. */

import type { SubjectStatus } from '../flows/subject-status.js'
import type { DeviceView } from '../flows/trust.js'
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
  /** Whether the operator looks at their own account, for which nobody acts. */
  readonly isSelf: boolean
  /** Whether anything is kept of the id. */
  readonly isKnown: boolean
}
