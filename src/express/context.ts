/** What the HTTP side works with. */

import type { Request, Response } from 'express'
import type {} from 'passport'

import type { FlowContext } from '../flows/context.js'
import type { GrantReader } from '../flows/grant-reader.js'
import type { EnrolmentPolicy } from '../flows/standing.js'
import type { TrustPolicy } from '../flows/trust.js'
import type { Users } from '../flows/users.js'
import type { PageStyle } from '../pages/options.js'
import type { CountStore } from '../ports/count-store.js'
import type { Factor } from '../ports/factor.js'
import type { CsrfToken } from './csrf-field.js'
import type { DeviceCookie } from './device-cookie.js'
import type { TrustedOrigin } from './origin-check.js'

/** A request of the application, as its callbacks get it. */
export type HostRequest = Request

/** Its response. */
export type HostResponse = Response

export interface HttpContext {
  readonly flow: FlowContext
  /** The factors in force, the preferred first. */
  readonly factors: readonly Factor[]
  readonly users: Users<Express.User>
  readonly grants: GrantReader
  /** How long devices are trusted; `null` where none is. */
  readonly trust: (TrustPolicy & { readonly cookie: DeviceCookie }) | null
  /** Who has to enrol a factor; `null` where people enrol none by themselves. */
  readonly enrolment: EnrolmentPolicy<Express.User> | null
  /** What a proxy strips from the front of every path, without a trailing slash; empty where it strips nothing. */
  readonly basePath: string
  /** Where the application mounts the router, as browsers see it, without a trailing slash. */
  readonly mountPath: string
  /** Where a person logs in with the password; `null` where there is no such page. */
  readonly loginPath: string | null
  /** Where a form ends the login; `null` where there is no such path. */
  readonly logoutPath: string | null
  readonly logoutMethod: 'GET' | 'POST'
  /** Where a person goes after the second factor, if no page sent them here. */
  readonly defaultReturnTo: string
  /** Origins that are trusted beside the request's own host. */
  readonly origins: readonly TrustedOrigin[]
  readonly appName: string
  /** Counts events for the pages of operators; `null` where nothing counts them. */
  readonly counts: CountStore | null
  readonly pages: PageStyle
  /** The application's own token for the forms of pages; `null` where it has none. */
  readonly csrf: CsrfToken | null
}

/** Bytes that a body of evidence may have, whatever the factor. */
export function maxEvidenceBytes({ factors }: HttpContext): number {
  return Math.max(4096, ...factors.map(({ maxBodyBytes }) => maxBodyBytes ?? 0))
}

/** The context for flows on behalf of a request, which `users.isRequired` gets. */
export function onBehalfOf(context: HttpContext, req: Request): HttpContext {
  const { users } = context
  const isRequired = (user: Express.User) => users.isRequired(user, req)
  return { ...context, users: { ...users, isRequired } }
}

/** The page of the second factor. */
export function challengeUrl(context: HttpContext): string {
  return `${context.mountPath}/`
}
