/** The context of the HTTP side: everything that its handlers share. */

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

/** The response of the application, as its callbacks get it. */
export type HostResponse = Response

export interface HttpContext {
  readonly flow: FlowContext
  /** The factors in force, the preferred first. */
  readonly factors: readonly Factor[]
  readonly users: Users<Express.User>
  readonly grants: GrantReader
  /** The lifetime of trusted devices; `null` if no device can be trusted. */
  readonly trust: (TrustPolicy & { readonly cookie: DeviceCookie }) | null
  /** The users who have to enrol a factor; `null` if people cannot enrol factors themselves. */
  readonly enrolment: EnrolmentPolicy<Express.User> | null
  /** The prefix that a proxy strips from every path, without a trailing slash; empty if there is none. */
  readonly basePath: string
  /** The path that the router is mounted at, as browsers see it, without a trailing slash. */
  readonly mountPath: string
  /** The page of the password login; `null` if there is none. */
  readonly loginPath: string | null
  /** The path that a logout form posts to; `null` if there is none. */
  readonly logoutPath: string | null
  readonly logoutMethod: 'GET' | 'POST'
  /** The page after the second factor if no other page sent the person here. */
  readonly defaultReturnTo: string
  /** Origins that are trusted besides the request's own host. */
  readonly origins: readonly TrustedOrigin[]
  readonly appName: string
  /** Counts events for the operators' pages; `null` if events are not counted. */
  readonly counts: CountStore | null
  readonly pages: PageStyle
  /** The application's CSRF token for the forms of our pages; `null` if it has none. */
  readonly csrf: CsrfToken | null
}

/** The largest body of evidence in bytes, for any factor. */
export function maxEvidenceBytes({ factors }: HttpContext): number {
  return Math.max(4096, ...factors.map(({ maxBodyBytes }) => maxBodyBytes ?? 0))
}

/** The context for flows on behalf of a request, so that `users.isRequired` gets that request. */
export function onBehalfOf(context: HttpContext, req: Request): HttpContext {
  const { users } = context
  const isRequired = (user: Express.User) => users.isRequired(user, req)
  return { ...context, users: { ...users, isRequired } }
}

/** The address of the second factor's page. */
export function challengeUrl(context: HttpContext): string {
  return `${context.mountPath}/`
}
