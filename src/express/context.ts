/** What the HTTP side works with. */

import type {} from 'passport'

import type { ParsePhone } from '../core/phone.js'
import type { FlowContext } from '../flows/context.js'
import type { GrantReader } from '../flows/grant-reader.js'
import type { Users } from '../flows/users.js'
import type { ReceiptSource } from '../ports/receipt-source.js'
import type { Views } from './page.js'

export interface HttpContext {
  readonly flow: FlowContext
  readonly users: Users<Express.User>
  readonly grants: GrantReader
  readonly parsePhone: ParsePhone
  /** The vendors that report deliveries. */
  readonly receipts: readonly ReceiptSource[]
  /** Where the application mounts the router, without a trailing slash. */
  readonly mountPath: string
  /** Where a person logs in with the password; `null` where there is no such page. */
  readonly loginPath: string | null
  /** Where a person goes after the second factor, if no page sent them here. */
  readonly defaultReturnTo: string
  /** Origins whose requests are trusted beside the request's own host. */
  readonly origins: readonly string[]
  readonly appName: string
  readonly views: Views
}

/** The page of the second factor. */
export function challengeUrl(context: HttpContext): string {
  return `${context.mountPath}/`
}
