/** The calls for operators. With an audit log, each is recorded before it is performed. */

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
 * The calls for operators. A target is a user, or the result of `forSubject`. With the option `audit`, each call is
 * recorded before it is performed. If that fails, the call rejects with an `AuditUnavailableError` and does nothing.
 */
export interface OperatorCalls<User> {
  /**
   * Resets failures, lock, hard stop, send counters, the running challenge and trusted devices. Grants and enrolments
   * stay.
   */
  reset(target: Target<User>, action?: ActionOptions): Promise<void>
  /** Resets failures, lock and hard stop, and gives the running challenge all its attempts back. */
  resetAttempts(target: Target<User>, action?: ActionOptions): Promise<void>
  /** Resets the counters of sent messages: the wait before the next one, and the day's limit. */
  resetResends(target: Target<User>, action?: ActionOptions): Promise<void>
  /** Ends the running challenge now. */
  expire(target: Target<User>, action?: ActionOptions): Promise<void>
  /** Ends the user's grants, running challenge and trusted devices, in all sessions and processes at once. */
  revoke(target: Target<User>, action?: ActionOptions): Promise<void>
  /**
   * Removes one of the user's factors by its id, and ends every grant. Refuses the last one with `last_factor`: use
   * `resetFactors`, which also gives the user a way back in.
   */
  removeFactor(user: User, id: string, action?: ActionOptions): Promise<ChangedItem | Refusal>
  /**
   * Removes all of the user's factors and ends every grant, for a user who lost every factor. Failures and locks stay.
   * Returns a code that passes once, or `null` with `open: true`. Verify the user's identity before you give them the
   * code.
   *
   * @throws ConfigurationError if `actor` or `reason` is missing, or `recoveryCodes()` is not configured.
   */
  resetFactors(user: User, options: ResetFactorsOptions): Promise<RecoveryTicket | null>
  /** Stops trusting one of the user's devices, or all of them if `id` is absent. */
  revokeDevices(target: Target<User>, id?: string, action?: ActionOptions): Promise<void>
  /**
   * Erases everything stored about the user, including grants and locks, for a deleted account. Audit entries stay. A
   * later login with the same id starts from nothing, so never give that id to another user.
   */
  forget(target: Target<User>, action?: ActionOptions): Promise<void>
  /**
   * Returns the user's audit entries, newest first.
   *
   * @throws AuditUnavailableError if the log fails or times out.
   * @throws ConfigurationError without the option `audit`.
   * @example
   * const page = await secondFactor.history(user, { limit: 20 })
   * const older = await secondFactor.history(user, { limit: 20, before: page.at(-1)?.id })
   */
  history(target: Target<User>, options?: HistoryOptions): Promise<readonly AuditEntry[]>
}

/** The dependencies of the calls. */
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
      await recorded(flow, entry, () => reset(flow, subject, scope, by))
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
        // Otherwise the missing row would look like a lost one.
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
 * Imports a factor that another system enrolled. See `importSecret`.
 *
 * @throws AuditUnavailableError if the action cannot be recorded. Nothing is then imported.
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

/** Performs an action that ends grants, and drops them from this process's cache. */
async function ending<User, T>(
  { flow, grants }: HeadlessContext<User>,
  action: OperatorAction & { readonly subject: string },
  work: () => Promise<T>,
): Promise<T> {
  const { subject } = action
  return recorded(flow, action, async () => {
    grants.forget(subject)
    try {
      return await work()
    } finally {
      // Again afterwards, even after an error: the write may have succeeded, and a concurrent read may have been cached.
      grants.forget(subject)
    }
  })
}

/**
 * Performs an operator's action, which the audit log, if there is one, has recorded before.
 *
 * @throws AuditUnavailableError if it cannot be recorded. Nothing is then done.
 */
export function recorded<T>(
  { audit }: FlowContext,
  action: OperatorAction,
  work: () => Promise<T>,
): Promise<T> {
  return audit === undefined ? work() : audit.act(action, work)
}
