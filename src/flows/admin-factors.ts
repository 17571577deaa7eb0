/** Operator actions on a user's factors: list, remove, reset with a ticket, import and reseal. */

import { requiredActionFacts, type ActionFacts } from '../core/admin.js'
import { afterEnrolment, withEnrolment } from '../core/enrolment.js'
import { ConfigurationError } from '../core/errors.js'
import { revokeAllGrants } from '../core/grant.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import {
  after,
  newSubject,
  withPart,
  type Decision,
  type Instant,
  type SubjectState,
} from '../core/state.js'
import type { HeldItem } from '../ports/enrolment.js'
import { anchor, release } from './anchor.js'
import { emit, type FlowContext } from './context.js'
import { cancelAll } from './grants.js'
import { findItem, heldItems, isHeldElsewhere, isHeldInRow, type HeldContext } from './held.js'
import {
  settledAlone,
  withoutAny,
  withoutItem,
  type ChangedItem,
  type RemovedItem,
} from './manage.js'
import { tellChange } from './tell-change.js'
import { readState, transition } from './transition.js'

/** The options of `resetFactors`. */
export interface ResetFactorsOptions {
  /** The operator's name for the event. */
  readonly actor: string
  /** The reason for the event. */
  readonly reason: string
  /**
   * True to let the password alone enrol the next factor. Until the user does that, anybody who knows the password can
   * take over the account.
   *
   * @default false
   */
  readonly open?: boolean | undefined
  /**
   * Lifetime of the code in seconds, at most 259,200 (72 hours).
   *
   * @default 86400
   */
  readonly expiresInSeconds?: number | undefined
}

/** The code for a user whose factors were reset. It passes once. Verify the user's identity before you hand it over. */
export interface RecoveryTicket {
  readonly code: string
  readonly expiresAt: Date
}

const day = 86_400

/** Lists a user's enrolled factors. */
export async function listFactors<User>(
  { flow }: HeldContext<User>,
  subject: string,
): Promise<readonly HeldItem[]> {
  const row = await readState(flow, subject)
  return row === null ? [] : heldItems(flow, row, flow.clock())
}

/**
 * Removes one of a user's factors and ends every grant. Refuses the last one: `resetFactors` also gives the user a way
 * back in.
 */
export async function removeByOperator<User>(
  context: HeldContext<User>,
  user: User,
  id: string,
  by: ActionFacts,
): Promise<ChangedItem | Refusal> {
  const { flow, users } = context
  const subject = users.subject(user)
  const before = (await readState(flow, subject)) ?? newSubject(subject, 0, flow.clock())
  const isElsewhere = await isHeldElsewhere(context, user, before)
  const rule = (row: SubjectState, now: Instant): Decision<RemovedItem | Refusal> => {
    const found = findItem(flow, row, now, id)
    if (found === null) return { state: row, outcome: refusal('factor_not_enrolled') }
    const left = settledAlone(flow, withoutItem(flow, row, now, id))
    const isLast = found.factor.isBackup !== true && !isElsewhere && !isHeldInRow(flow, left)
    if (isLast) return { state: row, outcome: refusal('last_factor') }
    return {
      state: revokeAllGrants(left),
      outcome: { status: 'changed', item: found.item, before: row },
    }
  }
  const { outcome } = await transition(flow, subject, rule)
  if (isRefusal(outcome)) return outcome
  const { item, before: earlier } = outcome
  const locale = await users.locale(user)
  const change = { user, subject, change: 'removed', kind: item.kind, locale } as const
  tellChange(flow, { ...change, before: earlier }, 'operator', by)
  await release(context, user, subject)
  return { status: 'changed', item }
}

/**
 * Removes all of a user's factors and ends every grant. Failures and locks stay. The user enrols the next factor with
 * the returned ticket, or with the password alone if `open` is true.
 *
 * @throws ConfigurationError if no factor can issue a ticket.
 */
export async function resetFactors<User>(
  context: HeldContext<User>,
  user: User,
  options: ResetFactorsOptions,
  by: Required<ActionFacts>,
): Promise<RecoveryTicket | null> {
  const { flow, users } = context
  const { open = false } = options
  const seconds = secondsOf(options)
  const issuer = open ? undefined : flow.factors.find((factor) => factor.issueTicket !== undefined)
  if (!open && issuer === undefined) {
    throw new ConfigurationError(
      'resetFactors issues a code that only recoveryCodes() can judge; add it to factors, or pass { open: true }, which ' +
        'lets the password alone enrol the next factor',
      'factors',
    )
  }
  const subject = users.subject(user)
  const { outcome } = await transition(flow, subject, (row, now) => {
    const left = withEnrolment(withoutTickets(flow, withoutAny(flow, row, now)), {
      everHeld: true,
      isClosed: !open,
    })
    const expiresAt = after(now, seconds)
    const revoked = revokeAllGrants(left)
    const issued = issuer?.issueTicket?.(revoked, expiresAt)
    const state =
      issuer === undefined || issued === undefined
        ? revoked
        : withPart(revoked, issuer.kind, issued.part)
    return { state, outcome: { row, code: issued?.code ?? null, expiresAt } }
  })
  emit(flow, { type: 'factors_reset', subject, ...by, open })
  const locale = await users.locale(user)
  const change = { user, subject, change: 'reset', kind: null, locale } as const
  tellChange(flow, { ...change, before: outcome.row }, 'operator')
  await cancelAll(flow, outcome.row)
  if (open) await release(context, user, subject)
  const { code, expiresAt } = outcome
  return code === null ? null : { code, expiresAt: new Date(expiresAt) }
}

/** A secret that another system enrolled. */
export interface ImportedSecret {
  /** The kind of its factor. */
  readonly kind: string
  readonly secret: string
  /** The user's name for it; `null` for the default. */
  readonly name: string | null
}

/**
 * Imports a factor that another system enrolled, in place of the user's current one of that kind, and ends every grant.
 *
 * @throws ConfigurationError if no such factor is configured, or the secret is invalid.
 */
export async function importSecret<User>(
  context: HeldContext<User>,
  user: User,
  { kind, secret, name }: ImportedSecret,
  by: ActionFacts,
): Promise<void> {
  const { flow, users } = context
  const factor = flow.factors.find((each) => each.kind === kind)
  if (factor?.importSecret === undefined) {
    throw new ConfigurationError(
      `importing requires a factor of the kind '${kind}'; give factors: [${kind}()]`,
      'factors',
    )
  }
  const subject = users.subject(user)
  // Validate the secret before the first write, so an invalid one changes nothing.
  const part = factor.importSecret(subject, flow.clock(), secret, name)
  await anchor(context, { user, subject })
  await transition(flow, subject, (row) => ({
    state: revokeAllGrants(afterEnrolment(withPart(row, kind, part))),
    outcome: null,
  }))
  emit(flow, { type: 'factor_added', subject, kind, by: 'operator', ...by })
}

/** Reseals a user's factors under the issuing secret, so that an old secret can be removed. */
export async function reseal<User>({ flow }: HeldContext<User>, subject: string): Promise<void> {
  const row = (await readState(flow, subject)) ?? newSubject(subject, 0, flow.clock())
  if (Object.keys(row.factors).length === 0) return
  await transition(flow, subject, (current) => {
    let state = current
    for (const factor of flow.factors) {
      const part = factor.reseal?.(current) ?? null
      if (part !== null) state = withPart(state, factor.kind, part)
    }
    return { state, outcome: null }
  })
}

/** Removes the parts of factors that issue tickets, because an earlier ticket must not survive a reset. */
function withoutTickets({ factors }: FlowContext, row: SubjectState): SubjectState {
  const issuers = factors.filter((factor) => factor.issueTicket !== undefined)
  const kept = Object.entries(row.factors).filter(
    ([kind]) => !issuers.some((factor) => factor.kind === kind),
  )
  return { ...row, factors: Object.fromEntries(kept) }
}

/**
 * Returns the operator and the reason of a reset.
 *
 * @throws ConfigurationError if one is missing, or an option is unknown.
 */
export function resetFacts(options: ResetFactorsOptions): Required<ActionFacts> {
  return requiredActionFacts('resetFactors', options, ['open', 'expiresInSeconds'])
}

function secondsOf({ expiresInSeconds = day }: ResetFactorsOptions): number {
  if (
    Number.isSafeInteger(expiresInSeconds) &&
    expiresInSeconds >= 1 &&
    expiresInSeconds <= 3 * day
  ) {
    return expiresInSeconds
  }
  throw new ConfigurationError(
    `expiresInSeconds must be a whole number of seconds from 1 to ${3 * day} (72 hours)`,
    'expiresInSeconds',
  )
}
