/** The instruments: what is measured, in which unit, and with which attributes, all of few values. */

/**
 * What an attribute may say: one of a list; a `word`, of which 60 at most are told apart; or a country of those that
 * the operator lists. All else is `other`, and nothing at all is `none`.
 */
export type Domain = readonly string[] | 'word' | 'country'

/** Something that is counted or timed. */
export interface Instrument {
  /** Dotted, as OpenTelemetry has it. */
  readonly name: string
  readonly kind: 'counter' | 'histogram'
  /** By UCUM. */
  readonly unit: string
  readonly description: string
  readonly attributes: Readonly<Record<string, Domain>>
  /** Upper bounds of a histogram's buckets. */
  readonly bounds?: readonly number[]
  /** Whether each of its series is there from the start, so that the first event is a rise and not a beginning. */
  readonly startsAtZero?: true
}

const channel = ['sms', 'call', 'whatsapp'] as const
const purpose = ['sign-in', 'enrolment'] as const
const flag = ['true', 'false'] as const

/** Every instrument. */
export const instruments = {
  sends: {
    name: 'second_factor.sends',
    kind: 'counter',
    unit: '{message}',
    description: 'Messages with a code that were handed to a vendor, by what became of them.',
    attributes: {
      channel,
      purpose,
      outcome: ['sent', 'maybe_sent', 'rejected', 'operator_fault'],
      resend: flag,
    },
  },
  deliveries: {
    name: 'second_factor.deliveries',
    kind: 'counter',
    unit: '{report}',
    description: 'Delivery reports of vendors.',
    attributes: {
      status: ['accepted', 'sent', 'delivered', 'failed'],
      reason: ['unreachable', 'number_invalid', 'blocked', 'not_delivered'],
      source: 'word',
    },
  },
  verifications: {
    name: 'second_factor.verifications',
    kind: 'counter',
    unit: '{attempt}',
    description: 'Judged evidence: passed, or the code of the refusal.',
    attributes: { outcome: 'word', purpose, method: 'word' },
  },
  elapsed: {
    name: 'second_factor.verification.elapsed',
    kind: 'histogram',
    unit: 's',
    description: 'From the first message to the right code, where one process has seen both.',
    attributes: { purpose, channel },
    bounds: [5, 10, 15, 30, 60, 120, 300, 600],
  },
  refusedStarts: {
    name: 'second_factor.starts.refused',
    kind: 'counter',
    unit: '{request}',
    description: 'Requests for a code that were refused.',
    attributes: { code: 'word', purpose },
  },
  limitDecisions: {
    name: 'second_factor.limit.decisions',
    kind: 'counter',
    unit: '{decision}',
    description: 'Decisions of the limits on messages; rule is what objected.',
    attributes: {
      verdict: ['allowed', 'recorded', 'refused'],
      rule: 'word',
      class: ['new', 'stated', 'known'],
      country: 'country',
    },
  },
  limitAlarms: {
    name: 'second_factor.limit.alarms',
    kind: 'counter',
    unit: '{alarm}',
    description: 'Shared limits that were used up, or to four fifths.',
    attributes: {
      rule: ['network', 'prefix', 'country', 'application', 'spend'],
      share: ['0.8', '1'],
    },
    startsAtZero: true,
  },
  locks: {
    name: 'second_factor.locks',
    kind: 'counter',
    unit: '{lock}',
    description: 'Users locked after failures in a row; disabled is the hard stop.',
    attributes: { disabled: flag },
    startsAtZero: true,
  },
  revokedGrants: {
    name: 'second_factor.grants.revoked',
    kind: 'counter',
    unit: '{revocation}',
    description: 'Revoked passes; all is every pass of a user.',
    attributes: { reason: ['logout', 'login', 'all'] },
  },
  factorChanges: {
    name: 'second_factor.factor.changes',
    kind: 'counter',
    unit: '{change}',
    description: 'Factors that were enrolled or removed.',
    attributes: { change: ['added', 'removed'], kind: 'word', by: ['user', 'operator'] },
  },
  operatorActions: {
    name: 'second_factor.operator.actions',
    kind: 'counter',
    unit: '{action}',
    description: 'What operators did to the rows of users.',
    attributes: { action: 'word' },
  },
  suspicions: {
    name: 'second_factor.suspicions',
    kind: 'counter',
    unit: '{event}',
    description: 'Signs that something was copied, or that somebody stands in between.',
    attributes: {
      type: [
        ...['code_reused', 'device_token_reused', 'recovery_code_used'],
        ...['passkey_origin_mismatch', 'passkey_suspicious'],
      ],
    },
    startsAtZero: true,
  },
  faults: {
    name: 'second_factor.faults',
    kind: 'counter',
    unit: '{fault}',
    description: 'What an operator has to mend.',
    attributes: {
      'error.type': [
        ...['store_unavailable', 'directory_unavailable', 'limits_unavailable'],
        'audit_unavailable',
        ...['operator_fault', 'check_failed', 'guard_failed', 'set_up_mistake', 'clock_skew'],
        ...['factors_lost', 'factor_unreadable'],
      ],
    },
    startsAtZero: true,
  },
} as const satisfies Readonly<Record<string, Instrument>>

/** The key of an instrument in the table. */
export type InstrumentKey = keyof typeof instruments
