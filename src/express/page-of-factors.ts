/** Builds the page on which people manage their factors, or choose the first one. */

import type { Request } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import type { SubjectState } from '../core/state.js'
import { isEnrollable } from '../flows/enrol.js'
import { factorsPage, type ManagedFactor, type SectionLook } from '../pages/factors-page.js'
import type { PageBody } from '../pages/page.js'
import type { Factor } from '../ports/factor.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { shownDevices } from './device-list.js'
import { localeFor } from './negotiate.js'
import { standingOfUser } from './waived.js'

/**
 * The list of a user's factors, or the choice of the first one if there are none. With `methods` it shows only those.
 */
export async function pageOfFactors(
  context: HttpContext,
  req: Request,
  state: AuthState,
  row: SubjectState,
  methods?: readonly string[],
): Promise<PageBody | Refusal> {
  const { user, record, grant } = state
  const standing = await standingOfUser(context, req, user, () => Promise.resolve(row))
  if (isRefusal(standing)) return standing
  const isFirst = standing.status !== 'asked'
  const locale = await localeFor(context, req, user)
  const sections = await Promise.all(
    context.factors
      .filter(({ method }) => methods?.includes(method) !== false)
      .map((factor) => sectionOf(context, state, row, factor, { isFirst, locale })),
  )
  return factorsPage(
    {
      name: 'factors',
      sections: sections.filter((section) => section !== null),
      isFirst,
      isDue: standing.status === 'due',
      devices: await shownDevices(context, req, state),
      dueBy: standing.by === null ? null : new Date(standing.by),
      returnTo:
        grant === null || record.returnTo === undefined ? context.defaultReturnTo : record.returnTo,
    },
    Object.fromEntries(context.factors.map((factor) => [factor.kind, lookOf(factor)])),
  )
}

async function sectionOf(
  context: HttpContext,
  state: AuthState,
  row: SubjectState,
  factor: Factor,
  { isFirst, locale }: { readonly isFirst: boolean; readonly locale: string | null },
): Promise<ManagedFactor | null> {
  const { user, grant, record } = state
  const now = context.flow.clock()
  const own = await factor.manage?.model({
    ...{ user, row, now, grant, passed: grant !== null, sessionKey: record.key ?? null },
    hasChanged: false,
    returnTo: context.defaultReturnTo,
    locale,
  })
  const items = factor.held?.items(row, now) ?? []
  const isFull = (factor.enrolment?.limit?.(row) ?? null) !== null
  const canAdd = isEnrollable(factor) && !isFull && !(isFirst && factor.isBackup === true)
  if ((own ?? null) === null && items.length === 0 && !canAdd) return null
  return {
    kind: factor.kind,
    items: items.map(({ id, name, addedAt, usedAt, usable }) => ({
      ...{ id, name, usable, addedAt: new Date(addedAt) },
      usedAt: usedAt === null ? null : new Date(usedAt),
    })),
    canRename: factor.held?.rename !== undefined,
    addPath: canAdd ? `${context.mountPath}/factors/${factor.kind}` : null,
    own: own ?? null,
  }
}

function lookOf(factor: Factor): SectionLook {
  const { manage } = factor
  const { isBelowList, scripts } = manage ?? {}
  return {
    ...{ isBelowList, scripts },
    name: (wording) => factor.words?.(wording).name ?? factor.kind,
    add(wording, isMore) {
      const { add = factor.kind, more = add } = factor.words?.(wording) ?? {}
      return isMore ? more : add
    },
    ...(manage === undefined ? {} : { body: manage.body.bind(manage) }),
  }
}
