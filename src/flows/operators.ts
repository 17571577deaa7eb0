/** What operators do for a user. Where there is an audit log, each is written down before it is done. */

import { actionFacts, type ActionFacts, type ActionOptions } from '../core/admin.js'
import { ConfigurationError } from '../core/errors.js'
import type { Refusal } from '../core/refusal.js'
import { isForSubject, type Target } from '../core/subject.js'
import type { AuditEntry } from '../ports/audit-log.js'
import type { Factor } from '../ports/factor.js'
import { forget, reset } from './admin.js'
import {
  importSecret,
  removeByOperator,
  resetFacts,
  resetFactors,
  type ImportedSecret,
  type RecoveryTicket,
  type ResetFactorsOptions,
} from './admin-factors.js'
import type { HistoryOptions, OperatorAction } from './audit/audit-trail.js'
import type { FlowContext } from './context.js'
import type { GrantReader } from './grant-reader.js'
import { endAllGrants } from './grants.js'
import type { ChangedItem } from './manage.js'
import { revokeDevices } from './trust.js'
import type { Users } from './users.js'

/**
 * What operators do. A target is a user, or a subject made by `forSubject`. With the option `audit`, each call is written
 * down before it is done, and rejects with an `AuditUnavailableError`, having done nothing, where that fails.
 */
export interface OperatorCalls<User> {
  /**
   * Resets failures, lock, hard stop, send counters and the running challenge, and ends the trust in every device. Grants
   * and enrolments stay.
   */
  reset(target: Target<User>, action?: ActionOptions): Promise<void>
  /** Resets failures, lock and hard stop, and gives the running challenge its whole budget again. */
  resetAttempts(target: Target<User>, action?: ActionOptions): Promise<void>
  /** Resets the counters of sent messages: the ladder of waits, and the day's budget. */
  resetResends(target: Target<User>, action?: ActionOptions): Promise<void>
  /** Ends the running challenge now. */
  expire(target: Target<User>, action?: ActionOptions): Promise<void>
  /** Ends every grant of the user and the running challenge, in all sessions and processes at once. */
  revoke(target: Target<User>, action?: ActionOptions): Promise<void>
  /**
   * Removes one thing that the user holds, by its id; every grant ends. The last is refused as `last_factor`: use
   * `resetFactors`, which says how its owner gets back in.
   */
  removeFactor(user: User, id: string, action?: ActionOptions): Promise<ChangedItem | Refusal>
  /**
   * Removes everything that the user holds, for somebody who has lost it all, and ends every grant. Failures and locks
   * stay. Returns a code that passes once, to be handed over out of band after your own
   * check of who asks; `null` with `open: true`.
   *
   * @throws ConfigurationError where there is no actor or no reason, or no `recoveryCodes()` to judge the code.
   */
  resetFactors(user: User, options: ResetFactorsOptions): Promise<RecoveryTicket | null>
  /** Ends the trust in one device of the user, by its id, or in all of them where there is none. */
  revokeDevices(target: Target<User>, id?: string, action?: ActionOptions): Promise<void>
  /**
   * Erases everything kept of the user, grants and locks included, for an account that is deleted. An id is
   * never given to another user, so the next login of this one would start afresh. Entries of the audit log stay.
   */
  forget(target: Target<User>, action?: ActionOptions): Promise<void>
  /**
   * The audit log's entries of a user, the newest first.
   *
   * @throws AuditUnavailableError where the log does not answer in time.
   * @throws ConfigurationError without the option `audit`.
   * @example
   * const page = await secondFactor.history(user, { limit: 20 })
   * const older = await secondFactor.history(user, { limit: 20, before: page.at(-1)?.id })
   */
  history(target: Target<User>, options?: HistoryOptions): Promise<readonly AuditEntry[]>
}

/** What the calls work with. */
export interface HeadlessContext<User> {
  readonly flow: FlowContext
  readonly users: Users<User>
  readonly grants: GrantReader
}

/** Makes the calls. */
export function operatorCalls<User>(context: HeadlessContext<User>): OperatorCalls<User> {
  const { flow, users } = context
  const resetting =
    (owner: string, scope: Parameters<typeof reset>[2]) =>
    async (target: Target<User>, action?: ActionOptions) => {
      const by = actionFacts(owner, action)
      const subject = users.subject(target)
      const entry = { type: 'reset', subject, ...by, details: { scope } }
      await act(flow, entry, () => reset(flow, subject, scope, by))
    }
  return {
    reset: resetting('reset', 'all'),
    resetAttempts: resetting('resetAttempts', 'attempts'),
    resetResends: resetting('resetResends', 'resends'),
    expire: resetting('expire', 'challenge'),
    async revoke(target, action) {
      const by = actionFacts('revoke', action)
      const subject = users.subject(target)
      await ending(context, { type: 'all_grants_revoked', subject, ...by }, () =>
        endAllGrants(flow, subject, by),
      )
    },
    async removeFactor(user, id, action) {
      const by = actionFacts('removeFactor', action)
      const entry = { type: 'factor_removed', subject: users.subject(user), ...by, details: { id } }
      return ending(context, entry, () => removeByOperator(context, user, id, by))
    },
    async resetFactors(user, options) {
      const by = resetFacts(options)
      const details = { open: options.open === true }
      const entry = { type: 'factors_reset', subject: users.subject(user), ...by, details }
      return ending(context, entry, () => resetFactors(context, user, options, by))
    },
    async revokeDevices(target, id, action) {
      const by = actionFacts('revokeDevices', action)
      const subject = users.subject(target)
      const entry = { type: 'device_revoked', subject, ...by, details: { id: id ?? null } }
      await ending(context, entry, () => revokeDevices(flow, subject, id ?? null, 'operator', by))
    },
    async forget(target, action) {
      const by = actionFacts('forget', action)
      const subject = users.subject(target)
      const factors: readonly Factor<User>[] = flow.factors
      const others = await Promise.all(
        factors.map(async (factor) => (await factor.otherSubjects?.(target)) ?? []),
      )
      await ending(context, { type: 'forgotten', subject, ...by }, async () => {
        await forget(flow, subject, others.flat(), by)
        // Else the row would be missed, as if it had been lost.
        if (!isForSubject(target)) await users.setHasFactors(target, false)
      })
    },
    async history(target, options) {
      const subject = users.subject(target)
      if (flow.audit !== undefined) return flow.audit.history(subject, options)
      throw new ConfigurationError(
        'history needs the option audit, such as sequelizeAudit({ sequelize }); give it',
        'audit',
      )
    },
  }
}

/**
 * Imports what another system has enrolled; see `importSecret`.
 *
 * @throws AuditUnavailableError where it cannot be written down: then nothing was done.
 */
export async function importByOperator<User>(
  context: HeadlessContext<User>,
  user: User,
  secret: ImportedSecret,
  by: ActionFacts,
): Promise<void> {
  const details = { kind: secret.kind, imported: true }
  const entry = { type: 'factor_added', subject: context.users.subject(user), ...by, details }
  await ending(context, entry, () => importSecret(context, user, secret, by))
}

/** Does what ends grants, so that this process believes in none of them any more. */
async function ending<User, T>(
  { flow, grants }: HeadlessContext<User>,
  action: OperatorAction & { readonly subject: string },
  work: () => Promise<T>,
): Promise<T> {
  const { subject } = action
  return act(flow, action, async () => {
    grants.forget(subject)
    try {
      return await work()
    } finally {
      // Also where the answer was late or lost: the write may have held, and another request may have read before it.
      grants.forget(subject)
    }
  })
}

function act<T>(
  { audit }: FlowContext,
  action: OperatorAction,
  work: () => Promise<T>,
): Promise<T> {
  return audit === undefined ? work() : audit.act(action, work)
}
