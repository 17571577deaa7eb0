/** Mounts the endpoints for factors that people enrol and manage themselves. */

import { isEnrollable } from '../flows/enrol.js'
import type { HttpContext } from './context.js'
import { endTrust } from './device-handlers.js'
import { confirmSetUp, sendSetUpFile, showSetUp } from './enrol-handlers.js'
import type { FormOfRefusal, LoggedInWork } from './logged-in.js'
import { removeFactor, renameFactor, showFactors } from './manage-handlers.js'

/** Mounts endpoints below the router's path. */
export interface Mount {
  readonly route: (
    path: string,
    works: Partial<Record<'get' | 'post' | 'delete', LoggedInWork>>,
    formOf?: FormOfRefusal,
  ) => void
  /** Mounts a page for browsers only. */
  readonly page: (path: string, work: LoggedInWork) => void
}

/** The list of factors, below the router's path. */
const factorsPath = '/factors'

/** Mounts the endpoints if people can set up a factor or trust a device. */
export function mountHeldRoutes(context: HttpContext, { route, page }: Mount): void {
  const onList: FormOfRefusal = () => ({ page: factorsPath })
  if (context.trust !== null) {
    route('/devices', { delete: endTrust(context) })
    route('/devices/remove', { post: endTrust(context) }, onList)
    route('/devices/:id', { delete: endTrust(context) })
    route('/devices/:id/remove', { post: endTrust(context) }, onList)
  }
  const factors = context.factors.filter(isEnrollable)
  // A factor may be set up at routes of its own, and still needs the list.
  if (context.enrolment === null && context.trust === null) return
  route(factorsPath, { get: showFactors(context) })
  for (const factor of factors) {
    const path = `${factorsPath}/${factor.kind}`
    page(path, showSetUp(context, factor))
    route(path, { post: showSetUp(context, factor) }, onList)
    route(`${path}/confirm`, { post: confirmSetUp(context, factor) }, onList)
    if (factor.enrolment.file !== undefined) {
      route(`${path}/file`, { post: sendSetUpFile(context, factor) }, onList)
    }
  }
  route(`${factorsPath}/:id/remove`, { post: removeFactor(context) }, onList)
  route(`${factorsPath}/:id/rename`, { post: renameFactor(context) }, onList)
  route(`${factorsPath}/:id`, { delete: removeFactor(context) })
}
