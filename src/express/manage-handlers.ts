/** The endpoints that list and change a user's factors: `{mount}/factors`. */

import type { Request } from 'express'

import { isRefusal, refusal } from '../core/refusal.js'
import type { SubjectState } from '../core/state.js'
import { itemName } from '../flows/enrol.js'
import { heldItems, isAnyHeld } from '../flows/held.js'
import { release } from '../flows/anchor.js'
import { removeItem, renameItem } from '../flows/manage.js'
import { rowReader } from '../flows/row-reader.js'
import { tellChange } from '../flows/tell-change.js'
import type { ShownDevice } from '../pages/factors-page.js'
import type { HeldItem } from '../ports/enrolment.js'
import type { AuthState } from './auth-state.js'
import { readBody } from './body.js'
import { onBehalfOf, type HttpContext } from './context.js'
import { shownDevices } from './device-list.js'
import { changeRefused, enrolRequest } from './enrol-handlers.js'
import type { LoggedInWork } from './logged-in.js'
import { localeFor, wantsPage } from './negotiate.js'
import { pageOfFactors } from './page-of-factors.js'
import { takeRefusal } from './refused-form.js'
import { sendPage } from './send-page.js'
import { standingOfUser } from './waived.js'

/** A user's factors, as `GET {mount}/factors` returns them. */
export interface Held {
  readonly factors: readonly HeldFactor[]
  /** Devices on which the user is not asked again; absent if no device can be trusted. */
  readonly devices?: readonly ShownDevice[]
  /** True if the last factor may be removed. */
  readonly canRemoveLast: boolean
}

/** A factor that a user holds. */
export interface HeldFactor extends Omit<HeldItem, 'addedAt' | 'usedAt'> {
  readonly addedAt: Date
  readonly usedAt: Date | null
}

/** `GET {mount}/factors`: lists the factors, or shows the page to manage them. */
export function showFactors(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    const row = await rowReader(context.flow, state.subject)()
    if (!wantsPage(req)) {
      res.json(await heldOf(context, req, state, row))
      return null
    }
    // Programs may list factors after the password alone; the page of a user who holds one needs the second factor.
    if (state.grant === null && (await isAnyHeld(context, state.user, row))) {
      return changeRefused(context, req, res, state, refusal('second_factor_required'))
    }
    const page = await pageOfFactors(context, req, state, row)
    if (isRefusal(page)) return page
    const { refusal: kept } = await takeRefusal(context, req, state, '/factors')
    await sendPage(context, req, res, page, kept)
    return null
  }
}

/** `DELETE {mount}/factors/{id}`, and `POST {mount}/factors/{id}/remove`: removes a factor. */
export function removeFactor(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    const { user, subject } = state
    const removing = removeItem(
      onBehalfOf(context, req),
      enrolRequest(state),
      String(req.params['id']),
    )
    // Also if `setHasFactors` failed, because the row has changed by then.
    const removed = await removing.finally(() => {
      context.grants.forget(subject)
    })
    if (isRefusal(removed)) return changeRefused(context, req, res, state, removed)
    const locale = await localeFor(context, req, user)
    const { before, item } = removed
    const change = { user, subject, change: 'removed', kind: item.kind, locale } as const
    tellChange(context.flow, { ...change, before }, 'user')
    await release(context, user, subject)
    if (wantsPage(req)) res.redirect(303, `${context.mountPath}/factors`)
    else res.status(204).end()
    return null
  }
}

/** `POST {mount}/factors/{id}/rename`: renames a factor. */
export function renameFactor(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const name = itemName(body.fields)
    if (name === null) return refusal('malformed_request')
    if (state.grant === null) {
      return changeRefused(context, req, res, state, refusal('second_factor_required'))
    }
    const renamed = await renameItem(context, enrolRequest(state), String(req.params['id']), name)
    if (isRefusal(renamed)) return renamed
    if (wantsPage(req)) res.redirect(303, `${context.mountPath}/factors`)
    else res.json(shown(renamed.item))
    return null
  }
}

async function heldOf(
  context: HttpContext,
  req: Request,
  state: AuthState,
  row: SubjectState,
): Promise<Held> {
  const now = context.flow.clock()
  const backups = context.factors.filter(({ isBackup }) => isBackup === true)
  const kinds = backups.map(({ kind }) => kind)
  const standing = await standingOfUser(context, req, state.user, () => Promise.resolve(row))
  const items = heldItems(context.flow, row, now).filter(({ kind }) => !kinds.includes(kind))
  return {
    factors: items.map(shown),
    ...context.factors.reduce(
      (facts, each) => ({ ...facts, ...each.facts?.(row, now), ...each.listFacts?.(row) }),
      {},
    ),
    ...(context.trust === null ? {} : { devices: await shownDevices(context, req, state) }),
    canRemoveLast: !isRefusal(standing) && !standing.required,
  }
}

function shown({ addedAt, usedAt, ...item }: HeldItem): HeldFactor {
  return {
    ...item,
    addedAt: new Date(addedAt),
    usedAt: usedAt === null ? null : new Date(usedAt),
  }
}
