/** The second factor without HTTP: for jobs, sockets, command lines and tests. */

import type { ActionOptions } from '../core/admin.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { Method } from '../core/state.js'
import { isForSubject, type Target } from '../core/subject.js'
import type { ChallengeView, PassedView } from '../core/view.js'
import type { Factor } from '../ports/factor.js'
import type { HeldItem } from '../ports/enrolment.js'
import type { Health } from '../ports/health.js'
import { forget, reset } from './admin.js'
import {
  listFactors,
  removeByOperator,
  reseal,
  resetFactors,
  type RecoveryTicket,
  type ResetFactorsOptions,
} from './admin-factors.js'
import type { FlowContext } from './context.js'
import { chooseFactor, passedView, startChallenge } from './factors.js'
import type { GrantReader } from './grant-reader.js'
import { endAllGrants } from './grants.js'
import { health, type HealthOptions } from './health.js'
import type { ChangedItem } from './manage.js'
import { subjectStatus, type SubjectStatus } from './subject-status.js'
import { deviceView, listDevices, revokeDevices, type DeviceView } from './trust.js'
import type { Users } from './users.js'
import { verify, type Success } from './verify.js'

/** A right answer, outside any session. */
export interface HeadlessPassed extends PassedView {
  readonly status: 'passed'
}

/** How a challenge is started. A factor may take options of its own beside these. */
export interface HeadlessStartOptions {
  /**
   * The method to start.
   *
   * @default the first that this user can pass by
   */
  readonly method?: Method | undefined
  /**
   * BCP 47 tag of the message's language.
   *
   * @default the language of `users.locale`, else that of `message.defaultLocale`
   */
  readonly locale?: string | undefined
  /**
   * Makes a new code although the last one is still good, and ends that one.
   *
   * @default false
   */
  readonly renew?: boolean | undefined
}

/** What `verify` is to judge by. */
export interface HeadlessVerifyOptions {
  /**
   * The method that the code is of.
   *
   * @default the method whose challenge runs, else the first that this user can pass by
   */
  readonly method?: Method | undefined
}

/**
 * The calls that need no request. A target is a user, or a subject made by `forSubject`. Refusals are
 * returned; faults of the store or the user directory reject.
 */
export interface HeadlessSecondFactor<
  User,
  Options extends object = HeadlessStartOptions,
  View extends ChallengeView = ChallengeView,
  Status extends object = SubjectStatus,
> {
  /** Starts a challenge: sends the running code again, or a new one where the last has expired or is used up. */
  start(target: Target<User>, options?: Options): Promise<View | Refusal>
  /** Judges a code. No session passes by it. */
  verify(
    target: Target<User>,
    code: string,
    options?: HeadlessVerifyOptions,
  ): Promise<HeadlessPassed | Refusal>
  /** Reads where the user's second factor stands. */
  status(target: Target<User>): Promise<Status>
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
  /** Lists what the user has enrolled: no secrets, and nothing by which anybody could pass. */
  listFactors(target: Target<User>): Promise<readonly HeldItem[]>
  /**
   * Removes one thing that the user holds, by its id; every grant ends. The last is refused as `last_factor`: use
   * `resetFactors`, which says how its owner gets back in.
   */
  removeFactor(user: User, id: string): Promise<ChangedItem | Refusal>
  /**
   * Removes everything that the user holds, for somebody who has lost it all, and ends every grant. Failures and locks
   * stay. Returns a code that passes once, to be handed over out of band after your own
   * check of who asks; `null` with `open: true`.
   *
   * @throws ConfigurationError where there is no actor or no reason, or no `recoveryCodes()` to judge the code.
   */
  resetFactors(user: User, options: ResetFactorsOptions): Promise<RecoveryTicket | null>
  /** Lists the devices that the user trusts. */
  listDevices(target: Target<User>): Promise<readonly DeviceView[]>
  /** Ends the trust in one device of the user, by its id, or in all. */
  revokeDevices(target: Target<User>, id?: string): Promise<void>
  /** Seals what the user holds under the first of the secrets, so that an old one may go. */
  reseal(target: Target<User>): Promise<void>
  /**
   * Checks whether people can pass: asks the store and the counts, and remembers what became of the latest messages of
   * this process. No message is sent and no vendor is called.
   *
   * @example
   * if ((await secondFactor.health()).status === 'down') process.exitCode = 1
   */
  health(options?: HealthOptions): Promise<Health>
  /** Writes what is not counted yet. Call it as a process ends, before the database is closed. Never rejects. */
  close(): Promise<void>
  /**
   * Erases everything kept of the user, grants and locks included, for an account that is deleted. An id is
   * never given to another user, so the next login of this one would start afresh.
   */
  forget(target: Target<User>): Promise<void>
}

/** What the calls work with. */
export interface HeadlessContext<User> {
  readonly flow: FlowContext
  readonly users: Users<User>
  readonly grants: GrantReader
}

/** Makes the calls. */
export function headlessSecondFactor<User>(
  context: HeadlessContext<User>,
): HeadlessSecondFactor<User> {
  const { flow, users, grants } = context
  const factors: readonly Factor<User>[] = flow.factors
  const choose = (target: Target<User>, method: Method | undefined) =>
    chooseFactor<User>(flow, {
      subject: users.subject(target),
      user: isForSubject(target) ? null : target,
      method,
      sessionKey: undefined,
    })
  /** Tells of a code that stood in for a factor; refuses what was asked in the place of factors that were lost. */
  const finish = async (user: User, subject: string, factor: Factor<User>, passed: Success) => {
    if (passed.holdsNothing && (await users.hasFactors(user))) return refusal('factors_lost')
    if (factor.isBackup !== true || factor.complete === undefined) return null
    const { purpose, proof } = passed
    const locale = await users.locale(user)
    const completed = await factor.complete({
      ...{ user, subject, purpose, proof, locale },
      isLoggedIn: () => Promise.resolve(true),
    })
    if (isRefusal(completed)) return completed
    completed.afterwards?.()
    return null
  }
  const ending = async <T>(subject: string, work: () => Promise<T>): Promise<T> => {
    grants.forget(subject)
    try {
      return await work()
    } finally {
      // Also where the answer was late or lost: the write may have held, and another request may have read before it.
      grants.forget(subject)
    }
  }
  return {
    async start(target, options = {}) {
      const chosen = await choose(target, options.method)
      if (isRefusal(chosen)) return chosen
      return startChallenge(chosen.factor, {
        subject: users.subject(target),
        user: target,
        sessionKey: options.renew === true ? null : undefined,
        fields: options,
        locale: options.locale ?? (await users.locale(target)),
        clientIp: undefined,
      })
    },
    async verify(target, code, options = {}) {
      const chosen = await choose(target, options.method)
      if (isRefusal(chosen)) return chosen
      const { factor } = chosen
      const evidence = factor.readEvidence({ code })
      if (isRefusal(evidence)) return evidence
      const prepared = await factor.prepare?.(target)
      const subject = users.subject(target)
      const outcome = await verify(flow, {
        subject,
        ...{ factor, evidence, prepared, purpose: 'sign-in' },
        sessionKey: undefined,
        holder: null,
      })
      if (isRefusal(outcome)) return outcome
      const refused = isForSubject(target) ? null : await finish(target, subject, factor, outcome)
      return refused ?? { status: 'passed', ...passedView(flow, outcome.grant) }
    },
    status: (target) => subjectStatus(flow, users.subject(target)),
    reset: (target, action) => reset(flow, users.subject(target), 'all', action),
    resetAttempts: (target, action) => reset(flow, users.subject(target), 'attempts', action),
    resetResends: (target, action) => reset(flow, users.subject(target), 'resends', action),
    expire: (target, action) => reset(flow, users.subject(target), 'challenge', action),
    async revoke(target, action) {
      const subject = users.subject(target)
      await ending(subject, () => endAllGrants(flow, subject, action))
    },
    listFactors: (target) => listFactors(context, users.subject(target)),
    removeFactor: (user, id) =>
      ending(users.subject(user), () => removeByOperator(context, user, id)),
    resetFactors: (user, options) =>
      ending(users.subject(user), () => resetFactors(context, user, options)),
    health: (options) => health(flow, options),
    async close() {
      await Promise.all(factors.map(async (factor) => factor.close?.()))
    },
    async listDevices(target) {
      return (await listDevices(flow, users.subject(target))).map(deviceView)
    },
    revokeDevices: (target, id) =>
      ending(users.subject(target), async () => {
        await revokeDevices(flow, users.subject(target), id ?? null, 'operator')
      }),
    reseal: (target) => reseal(context, users.subject(target)),
    async forget(target) {
      const subject = users.subject(target)
      const others = await Promise.all(
        factors.map(async (factor) => (await factor.otherSubjects?.(target)) ?? []),
      )
      await ending(subject, () => forget(flow, subject, others.flat()))
      // Else the row would be missed, as if it had been lost.
      if (!isForSubject(target)) await users.setHasFactors(target, false)
    },
  }
}
