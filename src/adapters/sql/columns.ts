/** The columns of the state table: the path of each in a row, and its type. */

/** The type of a column's value. */
export type ColumnType =
  | { readonly holds: 'string'; readonly length: number }
  | { readonly holds: 'text' | 'count' | 'bigCount' | 'instant' | 'flag' | 'json' }

/** One column. */
export interface ColumnDefinition {
  readonly column: string
  /** The path of its value in the row. Values under `derived` are written for operators and never read back. */
  readonly path: readonly string[]
  readonly type: ColumnType
  readonly isRequired: boolean
}

const string = (length: number): ColumnType => ({ holds: 'string', length })
/** Unlimited, because a row must stay writable however long its list grows. */
const text: ColumnType = { holds: 'text' }
const count: ColumnType = { holds: 'count' }
const bigCount: ColumnType = { holds: 'bigCount' }
const instant: ColumnType = { holds: 'instant' }
const flag: ColumnType = { holds: 'flag' }
const json: ColumnType = { holds: 'json' }

function required(column: string, path: string, type: ColumnType): ColumnDefinition {
  return { column, path: path.split('.'), type, isRequired: true }
}

function nullable(column: string, path: string, type: ColumnType): ColumnDefinition {
  return { column, path: path.split('.'), type, isRequired: false }
}

/** Every column but `subject`, in the order that statements bind them. */
export const columns: readonly ColumnDefinition[] = [
  required('version', 'version', bigCount),
  required('failures', 'failures', count),
  required('lock_disabled', 'lock.isDisabled', flag),
  required('lock_tier', 'lock.tier', count),
  nullable('locked_until', 'lock.until', instant),
  required('epoch', 'epoch', bigCount),
  required('grants', 'grants', json),
  nullable('challenge_id', 'factors.phone.challenge.id', string(64)),
  nullable('session_key', 'factors.phone.challenge.sessionKey', string(64)),
  nullable('purpose', 'factors.phone.challenge.purpose', string(32)),
  nullable('code_owner', 'factors.phone.challenge.code.owner', string(32)),
  nullable('key_id', 'factors.phone.challenge.code.keyId', string(64)),
  nullable('hosted_ref', 'factors.phone.challenge.code.ref', string(255)),
  nullable('channel', 'factors.phone.challenge.channel', string(32)),
  nullable('destination', 'factors.phone.challenge.destination', string(320)),
  nullable('challenge_epoch', 'factors.phone.challenge.epoch', bigCount),
  nullable('issued_at', 'factors.phone.challenge.issuedAt', instant),
  nullable('expires_at', 'factors.phone.challenge.expiresAt', instant),
  nullable('attempts', 'factors.phone.challenge.attempts', count),
  nullable('max_attempts', 'factors.phone.challenge.maxAttempts', count),
  nullable('challenge_sends', 'factors.phone.challenge.sends', count),
  nullable('message_ref', 'factors.phone.challenge.receipt.ref', string(255)),
  nullable('delivery', 'factors.phone.challenge.receipt.status', string(32)),
  nullable('delivery_reason', 'factors.phone.challenge.receipt.reason', string(32)),
  nullable('send_count', 'factors.phone.sends.count', count),
  nullable('send_rung', 'factors.phone.sends.rung', count),
  nullable('last_send_at', 'factors.phone.sends.lastAt', instant),
  nullable('next_send_at', 'factors.phone.sends.nextAt', instant),
  nullable('send_reset_at', 'factors.phone.sends.resetAt', instant),
  nullable('send_window_started_at', 'factors.phone.sends.windowStartedAt', instant),
  nullable('send_window_count', 'factors.phone.sends.windowCount', count),
  nullable('send_answered_count', 'factors.phone.sends.answeredCount', count),
  nullable('factors', 'rest', json),
  nullable('factor_kinds', 'derived.kinds', text),
  nullable('sealed_by', 'derived.sealedBy', text),
  required('updated_at', 'updatedAt', instant),
  // Last, because most writes on SQLite leave it out: setting it writes its index, even if it stays the same.
  nullable('keep_until', 'keepUntil', instant),
]

/** The columns that a read returns besides `subject`. */
export const readColumns: readonly ColumnDefinition[] = columns.filter(
  ({ path: [first] }) => first !== 'derived',
)

/**
 * Optional objects of a row, by path: the column that is NULL if the object is absent, and what the row holds in its
 * place: `null`, or no field at all.
 */
export const optionalObjects: ReadonlyMap<string, OptionalObject> = new Map([
  ['factors.phone', { key: 'send_count', absent: undefined }],
  ['factors.phone.challenge', { key: 'challenge_id', absent: null }],
  ['factors.phone.challenge.receipt', { key: 'message_ref', absent: null }],
])

/** The record of an absent object in a row. */
export interface OptionalObject {
  readonly key: string
  readonly absent: null | undefined
}
