/** The limits as the phone factor uses them: they admit a message and count it, or refuse it. */

import type { ActionFacts } from '../../../core/admin.js'
import type { Refusal } from '../../../core/refusal.js'
import type { Instant } from '../../../core/state.js'
import { reservedPrefix } from '../../../core/subject.js'
import type { Take } from '../../../ports/count-store.js'
import type { LimitUse } from '../../../ports/insight.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { LimitUsage, LimitUsageOptions } from '../../../ports/limit-usage.js'
import type { SendResult } from '../ports/code-sender.js'
import type { Finding } from '../ports/send-guard.js'
import { limitAlarms } from './alarms.js'
import { boundedCounts } from './bounded-counts.js'
import {
  additionOf,
  budgetsOf,
  factsOf,
  isProduction,
  prefixOf,
  type SendFacts,
} from './counters.js'
import { tellDecision, type LimitedSend } from './decision.js'
import { reportAdditions, type FinalReport } from './failed-rule.js'
import { forgetCounters, ownCounters } from './forget-phone.js'
import type { Gate, Objection } from './gate.js'
import { joinedSums } from './joined-sums.js'
import { objectionsTo } from './objections.js'
import type { Limits } from './options.js'
import { outcomeBuffer } from './outcomes.js'
import { sentAdditions, unverifiedRule, verifiedAdditions } from './unverified-rule.js'
import { limitUsage } from './usage.js'
import { limitUse } from './shared-use.js'
import { blockAddition } from './vendor-blocks.js'
import { bucketOf } from './windows.js'

/** A message that may be sent. */
export interface Admission {
  readonly status: 'admitted'
  /** Gives the message's units back if it certainly was not sent, and stores a vendor's block. */
  settle(result: SendResult): Promise<void>
}

/** A code that was right, and its messages. */
export interface VerifiedCode extends Pick<
  LimitedSend,
  'to' | 'channel' | 'phoneClass' | 'clientIp'
> {
  readonly issuedAt: Instant
  /** The number of messages that carried it. */
  readonly sends: number
}

/** The limits. `admit` and `countNotice` do not reject if the counts fail. */
export interface SendLimits {
  /** Admits the message and counts it, or refuses it and counts nothing. */
  admit(send: LimitedSend): Promise<Admission | Refusal>
  /** Counts a message without a code. It is sent even if there is no room. */
  countNotice(notice: Pick<LimitedSend, 'subject' | 'to' | 'channel'>): Promise<void>
  /** Counts the messages of a right code, within a second. */
  noteVerified(code: VerifiedCode): void
  /** Counts a vendor's report, within a second. */
  noteReport(report: FinalReport): void
  /**
   * The use of the limits that many share, for operators.
   *
   * @throws StoreUnavailableError if the counts do not answer.
   */
  usage(options?: LimitUsageOptions): Promise<LimitUsage>
  /**
   * Forgets what is counted about a phone, for an operator. `record` gets the work once nothing is wrong with the call.
   *
   * @throws ConfigurationError for a phone that is not E.164, and for counts that cannot forget.
   * @throws StoreUnavailableError if the counts do not answer.
   */
  forgetPhone(phone: string, by: ActionFacts, record: Recorder): Promise<void>
  /** Writes the outcomes that are not counted yet. */
  close(): Promise<void>
  /** The fullest of the limits that many share, for the operators' page. Rejects if the counts do not answer. */
  used(): Promise<readonly LimitUse[]>
}

/** Records an operator's action before its work is done. */
export type Recorder = (
  action: { readonly type: string; readonly subject: string } & ActionFacts,
  work: () => Promise<void>,
) => Promise<void>

/** Creates the limits. */
export function sendLimits(limits: Limits, tools: FactorTools): SendLimits {
  const counts = boundedCounts(limits, tools)
  const outcomes = outcomeBuffer(counts)
  const { codeLifetimeSeconds, graceSeconds } = tools.policy
  const findUnverified = unverifiedRule(limits, codeLifetimeSeconds + graceSeconds, counts)
  const alarms = limitAlarms(tools)
  const sums = joinedSums((counters, since) => limits.counts.sums(counters, since))
  const gate: Gate = { limits, tools, counts, sums, alarms, outcomes, findUnverified }
  const notePrivateAddress = privateAddressMistake(tools)
  return {
    async admit(send) {
      const facts = factsOf(limits, send)
      if (facts.network?.isPrivate === true) notePrivateAddress()
      const objections = objectionsTo(gate, send, facts)
      const findings: Finding[] = []
      let noted: Objection | null = null
      let next = await objections.next()
      while (next.done !== true) {
        const objection = next.value
        findings.push(...objection.findings)
        if (objection.action === 'refuse') {
          tellDecision(tools, send, facts, { verdict: 'refused', by: objection.by, findings })
          return objection.refuse()
        }
        noted ??= objection
        next = await objections.next()
      }
      const takes = next.value
      const verdict = noted === null ? 'allowed' : 'recorded'
      tellDecision(tools, send, facts, { verdict, by: noted?.by ?? null, findings })
      return { status: 'admitted', settle: (result) => settle(gate, send, facts, takes, result) }
    },
    async countNotice(notice) {
      const send = { ...notice, phoneClass: 'known', resent: true, clientIp: null } as const
      const bucket = bucketOf(tools.clock())
      const additions = budgetsOf(limits, send, factsOf(limits, send))
        .filter(({ rule }) => rule === 'phone' || rule === 'spend')
        .map((budget) => additionOf(budget, bucket))
      await counts.try((store) => store.add(additions))
    },
    noteVerified(code) {
      const send = { ...code, subject: '', resent: true }
      const facts = factsOf(limits, send)
      const booked = { ...code, facts, budgets: budgetsOf(limits, send, facts) }
      outcomes.add(verifiedAdditions(limits, booked, code.sends))
    },
    noteReport(report) {
      const prefix = prefixOf(report.to)
      outcomes.add(reportAdditions(limits, report, { prefix }, tools.clock()))
    },
    usage: (options) => limitUsage(limits.rules, counts, tools.clock(), options),
    async forgetPhone(phone, by, record) {
      const counters = ownCounters(limits, phone)
      // The phone may be nobody's, so the entry names it as a row without a user would be named.
      const about = { type: 'phone_forgotten', subject: reservedPrefix + phone, ...by } as const
      await record(about, async () => {
        // A report that is written afterwards would be kept.
        await outcomes.close()
        await forgetCounters(counts, counters)
        tools.emit(about)
      })
    },
    close: () => outcomes.close(),
    used: () => limitUse(limits.rules, counts, tools.clock()),
  }
}

/** Settles a message. One that may have gone out stays counted, and so does one whose process dies before this. */
async function settle(
  { limits, counts, tools, outcomes }: Gate,
  send: LimitedSend,
  facts: SendFacts,
  takes: readonly Take[],
  result: SendResult,
): Promise<void> {
  const isOut = result.status === 'sent' || result.status === 'maybe_sent'
  if (isOut) outcomes.add(sentAdditions(limits, { ...send, facts, budgets: [] }))
  else await counts.try((store) => store.release(takes))
  const { blockedPrefixSeconds: seconds } = result.status === 'rejected' ? result : {}
  if (seconds === undefined || !(seconds > 0)) return
  await counts.try((store) => store.add([blockAddition(facts, seconds, tools.clock())]))
}

/** Reports once that every client seems to have the proxy's address. */
function privateAddressMistake({ emit }: Pick<FactorTools, 'emit'>): () => void {
  let isTold = false
  return () => {
    if (isTold || !isProduction()) return
    isTold = true
    emit({
      type: 'set_up_mistake',
      option: 'trust proxy',
      message:
        'a request came from a private address, so the network limit refuses nobody there; behind proxies, ' +
        "tell Express how many there are, as in app.set('trust proxy', 1)",
    })
  }
}
