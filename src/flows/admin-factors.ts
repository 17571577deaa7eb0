/** The tools of operators for what people hold: list, remove, reset with a ticket, import, reseal. */

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

/** Why an operator removes what a user holds, and how the user gets back in. */
export interface ResetFactorsOptions {
  /** Who does it, as the event names them. */
  readonly actor: string
  /** Why, as the event says it. */
  readonly reason: string
  /**
   * Whether the password alone enrols the next factor. Until its owner does, whoever knows the password has the account.
   *
   * @default false
   */
  readonly open?: boolean | undefined
  /**
   * Seconds that the code is good for, at most 259,200 (72 hours).
   *
   * @default 86400
   */
  readonly expiresInSeconds?: number | undefined
}

/** The code for a user whose factors were reset. It passes once; hand it over after you have made sure who asks. */
export interface RecoveryTicket {
  readonly code: string
  readonly expiresAt: Date
}

const day = 86_400

/** Everything that a user holds. */
export async function listFactors<User>(
  { flow }: HeldContext<User>,
  subject: string,
): Promise<readonly HeldItem[]> {
  const row = await readState(flow, subject)
  return row === null ? [] : heldItems(flow, row, flow.clock())
}

/**
 * Removes one thing that a user holds; every grant ends. The last is refused: `resetFactors` says how its owner gets back
 * in.
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
 * Removes everything that a user holds, and ends every grant; failures and locks stay. The next factor is enrolled with
 * the ticket, or with the password alone where `open` says so.
 *
 * @throws ConfigurationError where there is nothing to issue a ticket with.
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
      'resetFactors makes a code that only recoveryCodes() can judge; add it to factors, or say { open: true }, which ' +
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

/** A secret that another system has enrolled. */
export interface ImportedSecret {
  /** The kind of the factor that it is of. */
  readonly kind: string
  readonly secret: string
  /** What the user calls it; `null` for the default. */
  readonly name: string | null
}

/**
 * Has a user hold what another system has enrolled, in place of what was held of its kind; every grant ends.
 *
 * @throws ConfigurationError where no such factor is configured, or the secret cannot be used.
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
      `importing needs a factor of the kind '${kind}', such as factors: [${kind}()]`,
      'factors',
    )
  }
  const subject = users.subject(user)
  // Made before anything is written: a secret that cannot be used changes nothing.
  const part = factor.importSecret(subject, flow.clock(), secret, name)
  await anchor(context, { user, subject })
  await transition(flow, subject, (row) => ({
    state: revokeAllGrants(afterEnrolment(withPart(row, kind, part))),
    outcome: null,
  }))
  emit(flow, { type: 'factor_added', subject, kind, by: 'operator', ...by })
}

/** Seals everything of a user under the issuing secret, so that an old one may go. */
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

/** The row without the part of whatever issues tickets: an earlier one must not outlive a reset. */
function withoutTickets({ factors }: FlowContext, row: SubjectState): SubjectState {
  const issuers = factors.filter((factor) => factor.issueTicket !== undefined)
  const kept = Object.entries(row.factors).filter(
    ([kind]) => !issuers.some((factor) => factor.kind === kind),
  )
  return { ...row, factors: Object.fromEntries(kept) }
}

/**
 * Who resets, and why.
 *
 * @throws ConfigurationError where one is missing, or an option does not exist.
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
    `expiresInSeconds must be whole seconds from 1 to ${3 * day}, 72 hours`,
    'expiresInSeconds',
  )
}
