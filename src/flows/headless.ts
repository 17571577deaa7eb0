/** The second factor without HTTP: for jobs, sockets, command lines and tests. */

import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { Method } from '../core/state.js'
import { isForSubject, type Target } from '../core/subject.js'
import type { ChallengeView, PassedView } from '../core/view.js'
import type { Factor } from '../ports/factor.js'
import type { HeldItem } from '../ports/enrolment.js'
import type { Health } from '../ports/health.js'
import { listFactors, reseal } from './admin-factors.js'
import { emit } from './context.js'
import { chooseFactor, passedView, startChallenge } from './factors.js'
import { health, type HealthOptions } from './health.js'
import { operatorCalls, type HeadlessContext, type OperatorCalls } from './operators.js'
import { secretsInUse, type SecretUse } from './secrets-in-use.js'
import { subjectStatus, type SubjectStatus } from './subject-status.js'
import { deviceView, listDevices, type DeviceView } from './trust.js'
import { emitPassed, verify, type Success } from './verify.js'

/** The result of a right answer, without a session. */
export interface HeadlessPassed extends PassedView {
  readonly status: 'passed'
}

/** The options of `start`. A factor can add its own. */
export interface HeadlessStartOptions {
  /**
   * The method to start a challenge of.
   *
   * @default the first that this user can pass by
   */
  readonly method?: Method | undefined
  /**
   * The BCP 47 tag of the message's language.
   *
   * @default the language of `users.locale`, else that of `message.defaultLocale`
   */
  readonly locale?: string | undefined
  /**
   * True to send a new code even if the last one is still valid. The last one then becomes invalid.
   *
   * @default false
   */
  readonly renew?: boolean | undefined
}

/** The options of `verify`. */
export interface HeadlessVerifyOptions {
  /**
   * The method of the code.
   *
   * @default the method with a running challenge, else the first that this user can pass by
   */
  readonly method?: Method | undefined
}

/**
 * The calls that need no request. A target is a user, or the result of `forSubject`. Refusals are returned. Faults of
 * the store or the user directory reject.
 */
export interface HeadlessSecondFactor<
  User,
  Options extends object = HeadlessStartOptions,
  View extends ChallengeView = ChallengeView,
  Status extends object = SubjectStatus,
> extends OperatorCalls<User> {
  /** Starts a challenge: sends the running code again, or a new one if the last has expired or is used. */
  start(target: Target<User>, options?: Options): Promise<View | Refusal>
  /** Judges a code. It does not pass a session. */
  verify(
    target: Target<User>,
    code: string,
    options?: HeadlessVerifyOptions,
  ): Promise<HeadlessPassed | Refusal>
  /** Returns the running challenge, failures and lock of the user. */
  status(target: Target<User>): Promise<Status>
  /** Lists the user's enrolled factors, without secrets. */
  listFactors(target: Target<User>): Promise<readonly HeldItem[]>
  /** Lists the devices that the user trusts. */
  listDevices(target: Target<User>): Promise<readonly DeviceView[]>
  /** Reseals the user's factors under the first secret, so that an old secret can be removed. */
  reseal(target: Target<User>): Promise<void>
  /**
   * Counts the codes and users that still need each secret, for a rotation; `null` if the store cannot count, such as
   * Redis. You can remove a secret that nothing needs, unless it is the first.
   *
   * @throws ConfigurationError if there is no `secret`.
   */
  secretsInUse(): Promise<readonly SecretUse[] | null>
  /**
   * Checks if people can pass: reads the store and the counts, and reports the outcome of the last message of this
   * process. Sends nothing and calls no vendor.
   *
   * @example
   * if ((await secondFactor.health()).status === 'down') process.exitCode = 1
   */
  health(options?: HealthOptions): Promise<Health>
  /**
   * Writes everything that this process has buffered, such as counts and audit entries of the last second. Call it at
   * shutdown, after the server has stopped and before you close the database. Never rejects.
   *
   * @example
   * process.once('SIGTERM', () => {
   *   server.close(() => void secondFactor.close().then(() => sequelize.close()))
   * })
   */
  close(): Promise<void>
}

/** Makes the calls. */
export function headlessSecondFactor<User>(
  context: HeadlessContext<User>,
): HeadlessSecondFactor<User> {
  const { flow, users } = context
  const choose = (target: Target<User>, method: Method | undefined) =>
    chooseFactor<User>(flow, {
      subject: users.subject(target),
      user: isForSubject(target) ? null : target,
      method,
      sessionKey: undefined,
    })
  /** Refuses the pass if the user's factors were lost. Else completes a pass by a backup, which notifies the user. */
  const finish = async (user: User, subject: string, factor: Factor<User>, passed: Success) => {
    if (passed.holdsNothing && (await users.hasFactors(user))) {
      emit(flow, { type: 'factors_lost', subject })
      return refusal('factors_lost')
    }
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
  return {
    ...operatorCalls(context),
    async start(target, options = {}) {
      const chosen = await choose(target, options.method)
      if (isRefusal(chosen)) return chosen
      return startChallenge(chosen.factor, {
        subject: users.subject(target),
        user: target,
        sessionKey: options.renew === true ? null : undefined,
        row: chosen.row,
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
        ...{ factor, evidence, prepared, purpose: 'sign-in', row: chosen.row },
        sessionKey: undefined,
        holder: null,
      })
      if (isRefusal(outcome)) return outcome
      const refused = isForSubject(target) ? null : await finish(target, subject, factor, outcome)
      if (refused !== null) return refused
      emitPassed(flow, subject, outcome)
      return { status: 'passed', ...passedView(flow, outcome.grant) }
    },
    status: (target) => subjectStatus(flow, users.subject(target)),
    listFactors: (target) => listFactors(context, users.subject(target)),
    secretsInUse: () => secretsInUse(flow),
    health: (options) => health(flow, options),
    async close() {
      await Promise.all([
        ...flow.factors.map(async (factor) => factor.close?.()),
        ...(flow.closers ?? []).map((close) => close()),
      ])
    },
    async listDevices(target) {
      return (await listDevices(flow, users.subject(target))).map(deviceView)
    },
    reseal: (target) => reseal(context, users.subject(target)),
  }
}
