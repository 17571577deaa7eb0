/** Turns events into measurements. Events of factors are matched by name, because a factor may not be installed. */

import type { SecondFactorEvent } from '../../ports/event-sink.js'
import { createBounds, type Attributes } from './bounds.js'
import type { InstrumentKey } from './instruments.js'
import { createWaits } from './waits.js'

/** One number for one instrument. */
export interface Measurement {
  readonly instrument: InstrumentKey
  readonly value: number
  readonly attributes: Attributes
}

/** One count for an event, before its attributes are limited to known values. */
interface Raw {
  readonly instrument: InstrumentKey
  readonly attributes: Fields
}

type Fields = Readonly<Record<string, unknown>>

const raw = (instrument: InstrumentKey, attributes: Fields): Raw => ({ instrument, attributes })
const fault = (type: unknown) => raw('faults', { 'error.type': type })
const suspicion = ({ type }: Fields) => [raw('suspicions', { type })]
const action = (name: string) => [raw('operatorActions', { action: name })]
const isOperator = ({ by }: Fields) => by === 'operator'

const rules: Readonly<Record<string, (event: Fields) => readonly Raw[]>> = {
  challenge_sent: ({ channel, purpose, resent }) => [
    raw('sends', { channel, purpose, outcome: 'sent', resend: resent }),
  ],
  delivery_failed: ({ channel, purpose, outcome, resent }) => [
    // A vendor's report about an earlier message is not another message.
    ...(resent === null ? [] : [raw('sends', { channel, purpose, outcome, resend: resent })]),
    ...(outcome === 'operator_fault' ? [fault(outcome)] : []),
  ],
  delivery_reported: ({ delivery, reason, source }) => [
    raw('deliveries', { status: delivery, reason, source }),
  ],
  passed: ({ purpose, method }) => [raw('verifications', { outcome: 'passed', purpose, method })],
  verify_refused: ({ code, purpose, method }) => [
    raw('verifications', { outcome: code, purpose, method }),
  ],
  start_refused: ({ code, purpose }) => [raw('refusedStarts', { code, purpose })],
  send_decided: ({ verdict, by, phoneClass, country }) => [
    // The application names its guards; one word for all of them keeps the series few.
    raw('limitDecisions', { verdict, rule: wordOf(by), class: phoneClass, country }),
  ],
  limit_reached: ({ rule, share }) => [raw('limitAlarms', { rule, share })],
  guard_failed: () => [fault('guard_failed')],
  locked: ({ until }) => [raw('locks', { disabled: until === null })],
  grant_revoked: ({ reason }) => [raw('revokedGrants', { reason })],
  all_grants_revoked: () => [raw('revokedGrants', { reason: 'all' })],
  factor_added: ({ kind, by }) => [raw('factorChanges', { change: 'added', kind, by })],
  factor_removed: (event) => [
    raw('factorChanges', { change: 'removed', kind: event['kind'], by: event['by'] }),
    ...(isOperator(event) ? action('remove_factor') : []),
  ],
  reset: ({ scope }) => action(typeof scope === 'string' ? `reset_${scope}` : 'reset'),
  factors_reset: () => action('reset_factors'),
  forgotten: () => action('forget'),
  phone_forgotten: () => action('forget_phone'),
  device_revoked: (event) => (isOperator(event) ? action('revoke_device') : []),
  code_reused: suspicion,
  device_token_reused: suspicion,
  recovery_code_used: suspicion,
  passkey_origin_mismatch: suspicion,
  passkey_suspicious: suspicion,
  fault: ({ code }) => [fault(code)],
  check_failed: ({ type }) => [fault(type)],
  set_up_mistake: ({ type }) => [fault(type)],
  clock_skew: ({ type }) => [fault(type)],
  factors_lost: ({ type }) => [fault(type)],
  factor_unreadable: ({ type }) => [fault(type)],
}

/** Makes the function that measures events. It remembers who is waiting for a code, and the words it has seen. */
export function createMeasure(
  countries: readonly string[] | undefined,
): (event: SecondFactorEvent) => readonly Measurement[] {
  const bounded = createBounds(countries)
  const waits = createWaits()
  const measured = ({ instrument, attributes }: Raw, value: number): Measurement => ({
    ...{ instrument, value },
    attributes: bounded(instrument, attributes),
  })
  return (event) => {
    const fields: Fields = { ...event }
    const rule = Object.hasOwn(rules, event.type) ? rules[event.type] : undefined
    const counted = (rule?.(fields) ?? []).map((each) => measured(each, 1))
    const wait = waits.observe(event, fields)
    if (wait === null) return counted
    const { seconds, channel, purpose } = wait
    return [...counted, measured(raw('elapsed', { channel, purpose }), seconds)]
  }
}

function wordOf(by: unknown): unknown {
  return typeof by === 'string' && by.startsWith('guard:') ? 'guard' : by
}
