/** The sealed token of a set-up. The client keeps it, so nothing is stored before the proof. */

import type { Seal } from '../core/seal.js'
import { number, object, orNull, string } from '../core/shape.js'
import { after, hasHappened, type Instant } from '../core/state.js'

/** Lifetime of a set-up. Long enough to install an app. */
export const setUpSeconds = 600

/** Maximum length of a token. */
const maxLength = 4096

const purpose = 'set-up'

/** The contents of a token. The seal also binds it to the user. */
export interface SetUpToken {
  readonly kind: string
  readonly sessionKey: string
  /** The row's epoch. The token is void once a factor changed. */
  readonly epoch: number
  /** The id of the session's grant; `null` if it had none. */
  readonly grantId: string | null
  readonly issuedAt: Instant
  readonly secrets: unknown
}

const shape = object({
  kind: string,
  sessionKey: string,
  epoch: number,
  grantId: orNull(string),
  issuedAt: number,
})

/** Seals a token. */
export function sealSetUp(seal: Seal, subject: string, token: SetUpToken): string {
  const bytes = Buffer.from(JSON.stringify(token))
  const { keyId, box } = seal.seal({ purpose, subject, id: token.kind }, bytes)
  return `${keyId}.${box}`
}

/** Opens a token; `null` if it is invalid, expired, or for another user or kind. */
export function openSetUp(
  seal: Seal,
  subject: string,
  kind: string,
  text: string,
  now: Instant,
): SetUpToken | null {
  const [keyId = '', box = '', ...rest] = text.split('.')
  if (text.length > maxLength || rest.length > 0) return null
  const opened = seal.open({ purpose, subject, id: kind }, { keyId, box })
  if (opened === null) return null
  const value: unknown = JSON.parse(opened.toString('utf8'))
  if (shape(value, '') !== null) return null
  const token = value as SetUpToken
  const isDue = now < after(token.issuedAt, setUpSeconds) && hasHappened(token.issuedAt, now)
  return token.kind === kind && isDue ? token : null
}
