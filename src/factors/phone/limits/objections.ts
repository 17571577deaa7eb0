/** The objections to a message, in the order in which they are checked. */

import type { Refusal } from '../../../core/refusal.js'
import type { Instant } from '../../../core/state.js'
import type { Take } from '../../../ports/count-store.js'
import type { Finding, SendAttempt } from '../ports/send-guard.js'
import { budgetsOf, isDenied, type Budget, type SendFacts } from './counters.js'
import {
  blockedRefusal,
  exactRefusal,
  unavailableRefusal,
  vagueRefusal,
  type LimitedSend,
} from './decision.js'
import { findFailed, reportCounters } from './failed-rule.js'
import { findFull, sumsOf, type FoundFull, type Sums } from './findings.js'
import type { Gate, Objection } from './gate.js'
import { askGuards } from './guards.js'
import type { Limits } from './options.js'
import { takeUnits } from './take-units.js'
import { blockCounter, findBlock } from './vendor-blocks.js'
import { bucketOf, freeAt, windowsAt } from './windows.js'

/**
 * Yields each objection; the caller stops at one that refuses. If the caller never stops, the message is counted, and
 * the units it took are returned. The lists come first because they cost nothing, then the counts, then guards, which
 * may cost money. Units are taken last, so that a message that is not sent takes nothing.
 */
export async function* objectionsTo(
  gate: Gate,
  send: LimitedSend,
  facts: SendFacts,
): AsyncGenerator<Objection, readonly Take[]> {
  const { limits, tools, counts, alarms } = gate
  const action = limits.enforces ? 'refuse' : 'record'
  const block = { action, findings: [], refuse: blockedRefusal } as const
  if (isDenied(limits, send, facts)) yield { by: 'deny', ...block }

  const now = tools.clock()
  const budgets = budgetsOf(limits, send, facts)
  const sums = await readSums(gate, budgets, send, facts, now)
  const findings: Finding[] = []
  if (sums === null) {
    yield unavailable(limits, send, now)
  } else {
    alarms.watch(budgets, sums, now)
    const blocks = findBlock(limits, facts, sums)
    findings.push(...blocks)
    for (const found of blocks)
      yield { by: 'blocked', ...block, action: found.action, findings: blocks }
    const full = findFull(budgets, sums)
    findings.push(...full.map(({ finding }) => finding))
    if (full.length > 0) yield fullObjection(gate, full, now)
    for (const objection of await outcomeObjections(gate, send, facts, budgets, sums, now)) {
      findings.push(...objection.findings)
      yield objection
    }
  }

  const guarded = await askGuards(limits.guards, attemptOf(send, facts, sums, findings), tools)
  if (guarded.status === 'unavailable') yield unavailable(limits, send, now)
  if (guarded.status === 'refused') {
    const { by, reason } = guarded
    yield { by, ...block, ...(reason === 'send_limit' ? { refuse: () => vagueRefusal(now) } : {}) }
  }

  if (sums === null) return []
  const taking = await takeUnits({ counts, clock: tools.clock }, budgets, sums, now)
  if (taking.status === 'full') yield fullObjection(gate, taking.full, now)
  if (taking.status === 'unavailable') yield unavailable(limits, send, now)
  counts.prune(bucketOf(now))
  return taking.status === 'taken' ? taking.takes : []
}

/** The objections that come from the outcomes of earlier messages. */
async function outcomeObjections(
  { limits, alarms, findUnverified }: Gate,
  send: LimitedSend,
  facts: SendFacts,
  budgets: readonly Budget[],
  sums: Sums,
  now: Instant,
): Promise<readonly Objection[]> {
  const failed = findFailed(limits, send, facts, sums)
  const unusual = await findUnverified({ ...send, facts, budgets }, sums, now)
  if (unusual !== null) alarms.tellUnusual(unusual, now)
  const found = unusual?.map(({ finding }) => finding) ?? []
  const { action } = limits.rules.unverified
  return [
    ...objectionsOf(failed, blockedRefusal),
    ...objectionsOf(found, () => vagueRefusal(now)),
    ...(unusual === null && action === 'refuse' ? [unavailable(limits, send, now)] : []),
  ]
}

/** Combines a rule's findings into one objection, which refuses if one of them does. */
function objectionsOf(findings: readonly Finding[], refuse: () => Refusal): readonly Objection[] {
  const [first] = findings
  if (first === undefined) return []
  const action = findings.some((each) => each.action === 'refuse') ? 'refuse' : 'record'
  return [{ by: first.rule, action, findings, refuse }]
}

/** Reads all counters, the vendor's block and its reports at once. */
function readSums(
  { limits, counts, sums }: Gate,
  budgets: readonly Budget[],
  send: LimitedSend,
  facts: SendFacts,
  now: Instant,
): Promise<Sums | null> {
  const isBlockRead = limits.rules.blocked.action !== 'off'
  const asked = [
    ...budgets.map(({ counter }) => counter),
    ...(isBlockRead ? [blockCounter(facts)] : []),
    ...reportCounters(limits, send, facts),
  ]
  return counts.ask(() => sums(asked, windowsAt(now)))
}

/**
 * The objection while the counts or a guard do not answer. By default it refuses only messages to new phones, because
 * people who sign in must not be locked out together with attackers.
 */
function unavailable(limits: Limits, { phoneClass }: LimitedSend, now: Instant): Objection {
  const { enforces, whenUnavailable } = limits
  const isHeld =
    whenUnavailable === 'refuse-all' || (whenUnavailable === 'refuse-new' && phoneClass === 'new')
  return {
    by: 'unavailable',
    action: enforces && isHeld ? 'refuse' : 'record',
    findings: [],
    refuse: () => unavailableRefusal(now),
  }
}

/** The objection for limits without room. If any of them refuses, it refuses. */
function fullObjection(gate: Gate, full: readonly FoundFull[], now: Instant): Objection {
  const refusing = full.filter(({ finding }) => finding.action === 'refuse')
  const [first] = refusing.length > 0 ? refusing : full
  return {
    by: first?.finding.rule ?? '',
    action: refusing.length > 0 ? 'refuse' : 'record',
    findings: full.map(({ finding }) => finding),
    refuse: () => fullRefusal(gate, refusing, now),
  }
}

/** The refusal until there is room again: exact to ten minutes for the person's own limits, vague for shared ones. */
async function fullRefusal(
  { counts }: Gate,
  refusing: readonly FoundFull[],
  now: Instant,
): Promise<Refusal> {
  const budgets = [...new Set(refusing.map(({ budget }) => budget))]
  const isOwn = budgets.every(({ rule }) => ['phone', 'account', 'network'].includes(rule))
  if (!isOwn || budgets.length === 0) return vagueRefusal(now)
  const bucket = bucketOf(now)
  const counters = budgets.map(({ counter }) => counter)
  const series = await counts.ask((store) => store.series(counters, windowsAt(now).week))
  if (series === null) return vagueRefusal(now)
  const frees = budgets.map(({ counter, caps, units }) => {
    return freeAt(
      caps,
      series.filter((each) => each.counter === counter),
      units,
      bucket,
    )
  })
  return exactRefusal(Math.max(...frees), now)
}

function attemptOf(
  { subject, to, channel, purpose, resent, phoneClass, clientIp }: LimitedSend,
  { country, prefix }: SendFacts,
  sums: Sums | null,
  findings: readonly Finding[],
): SendAttempt {
  const phone = [...(sums?.keys() ?? [])].find((counter) => /^n:[^|]*$/i.test(counter))
  // If the counts do not answer, the guard gets `true`, so it checks the phone rather than skips it.
  const isFirstInDay = sums === null || phone === undefined || sumsOf(sums, phone).day === 0
  return {
    ...{ to, country, prefix, channel, purpose, resent, phoneClass, isFirstInDay, subject },
    ...{ clientIp, findings },
  }
}
