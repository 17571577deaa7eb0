/** The sealed token that carries a set-up through the client, so that nothing is stored before it is proved. */

import type { Seal } from '../core/seal.js'
import { number, object, orNull, string } from '../core/shape.js'
import { after, hasHappened, type Instant } from '../core/state.js'

/** Setting up a factor may take this long: an app has to be installed first. */
export const setUpSeconds = 600

/** A longer token is none of ours. */
const maxLength = 4096

const purpose = 'set-up'

/** What a token holds, beside whom it is for. */
export interface SetUpToken {
  readonly kind: string
  readonly sessionKey: string
  /** The row's epoch: once factors have changed, the token is void. */
  readonly epoch: number
  /** The grant that allowed it; `null` where nothing was held. */
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

/** The token in a text, or `null` where it is none of this subject and kind, or too old. */
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
