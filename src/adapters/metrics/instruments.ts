/** The instruments, with their units and attributes. Every attribute has few values. */

/**
 * The values of an attribute: one of a list; a `word`, of at most 60 different ones; or a country that the operator
 * lists. Any other value becomes `other`, and a missing one `none`.
 */
export type Domain = readonly string[] | 'word' | 'country'

/** Something that is counted or timed. */
export interface Instrument {
  /** Dotted, as in OpenTelemetry. */
  readonly name: string
  readonly kind: 'counter' | 'histogram'
  /** In UCUM. */
  readonly unit: string
  readonly description: string
  readonly attributes: Readonly<Record<string, Domain>>
  /** Upper bounds of a histogram's buckets. */
  readonly bounds?: readonly number[]
  /** Creates each of its series at zero; without that, a rate would miss the first event. */
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
    description: 'Messages with a code that were handed to a vendor, by outcome.',
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
    description: 'Checked codes and other evidence: passed, or the code of the refusal.',
    attributes: { outcome: 'word', purpose, method: 'word' },
  },
  elapsed: {
    name: 'second_factor.verification.elapsed',
    kind: 'histogram',
    unit: 's',
    description: 'Time from the first message to the right code, if one process saw both.',
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
    description: 'Decisions of the limits on messages; rule is the one that objected.',
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
    description: 'Shared limits that were used up, or reached 80 %.',
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
    description: 'Revoked grants; all is every grant of a user.',
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
    description: 'Actions of operators on users.',
    attributes: { action: 'word' },
  },
  suspicions: {
    name: 'second_factor.suspicions',
    kind: 'counter',
    unit: '{event}',
    description: 'Signs of a copied credential, or of somebody in the middle.',
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
    description: 'Faults that an operator has to mend.',
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
