/** The second factor without HTTP: for jobs, sockets, command lines and tests. */

import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { Method } from '../core/state.js'
import { isForSubject, type Target } from '../core/subject.js'
import type { ChallengeView, PassedView } from '../core/view.js'
import type { Factor } from '../ports/factor.js'
import type { HeldItem } from '../ports/enrolment.js'
import type { Health } from '../ports/health.js'
import { listFactors, reseal } from './admin-factors.js'
import { chooseFactor, passedView, startChallenge } from './factors.js'
import { health, type HealthOptions } from './health.js'
import { operatorCalls, type HeadlessContext, type OperatorCalls } from './operators.js'
import { secretsInUse, type SecretUse } from './secrets-in-use.js'
import { subjectStatus, type SubjectStatus } from './subject-status.js'
import { deviceView, listDevices, type DeviceView } from './trust.js'
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
> extends OperatorCalls<User> {
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
  /** Lists what the user has enrolled: no secrets, and nothing by which anybody could pass. */
  listFactors(target: Target<User>): Promise<readonly HeldItem[]>
  /** Lists the devices that the user trusts. */
  listDevices(target: Target<User>): Promise<readonly DeviceView[]>
  /** Seals what the user holds under the first of the secrets, so that an old one may go. */
  reseal(target: Target<User>): Promise<void>
  /**
   * Counts what still needs each secret, for whoever replaces one; `null` where the store cannot count, as Redis. One that
   * nothing needs may be left out, unless it is the first.
   *
   * @throws ConfigurationError where there is no `secret`.
   */
  secretsInUse(): Promise<readonly SecretUse[] | null>
  /**
   * Checks whether people can pass: asks the store and the counts, and remembers what became of the latest messages of
   * this process. No message is sent and no vendor is called.
   *
   * @example
   * if ((await secondFactor.health()).status === 'down') process.exitCode = 1
   */
  health(options?: HealthOptions): Promise<Health>
  /**
   * Writes what this process still keeps to itself, such as counts and entries of the audit log of the last second. Call it when the
   * process is to end, once it takes no more requests and before you close the database. Never rejects.
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
  return {
    ...operatorCalls(context),
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
