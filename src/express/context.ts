/** What the HTTP side works with. */

import type {} from 'passport'

import type { ParsePhone } from '../core/phone.js'
import type { FlowContext } from '../flows/context.js'
import type { GrantReader } from '../flows/grant-reader.js'
import type { Users } from '../flows/users.js'
import type { PageStyle } from '../pages/options.js'
import type { Views } from '../pages/page.js'
import type { ReceiptSource } from '../ports/receipt-source.js'

export interface HttpContext {
  readonly flow: FlowContext
  readonly users: Users<Express.User>
  readonly grants: GrantReader
  readonly parsePhone: ParsePhone
  /** A number that could be real, spelt as people may type it. */
  readonly examplePhone: string
  /** What somebody typed for a number, as it is shown to them again. */
  readonly spellPhone: (text: string) => string
  /** The vendors that report deliveries. */
  readonly receipts: readonly ReceiptSource[]
  /** Where the application mounts the router, without a trailing slash. */
  readonly mountPath: string
  /** Where a person logs in with the password; `null` where there is no such page. */
  readonly loginPath: string | null
  /** Where a form ends the login; `null` where there is no such path. */
  readonly logoutPath: string | null
  /** Where a person goes after the second factor, if no page sent them here. */
  readonly defaultReturnTo: string
  /** Origins whose requests are trusted beside the request's own host. */
  readonly origins: readonly string[]
  readonly appName: string
  readonly pages: PageStyle
  readonly views: Views
}

/** The page of the second factor. */
export function challengeUrl(context: HttpContext): string {
  return `${context.mountPath}/`
}
