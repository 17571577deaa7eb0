/** Reads what a browser's authenticator has answered, and trusts no type in it. */

import { readOwn, type Fields } from '../../core/fields.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import { isObject } from '../../core/shape.js'

/** What a passkey has signed, as `PublicKeyCredential.toJSON` writes it. */
export interface Assertion {
  readonly id: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
  readonly userHandle: string | null
}

/** A new passkey, as `PublicKeyCredential.toJSON` writes it. */
export interface Registration {
  readonly id: string
  readonly clientDataJSON: string
  readonly attestationObject: string
  readonly transports: readonly string[]
}

/** Ids of credentials have at most 1,023 bytes. */
const longestId = Math.ceil((1023 * 4) / 3)

/** The field `credential` as what a passkey has signed. */
export function readAssertion(fields: Fields): Assertion | Refusal {
  const credential = credentialIn(fields)
  if (isRefusal(credential)) return credential
  const { id, response } = credential
  const { clientDataJSON, authenticatorData, signature, userHandle = null } = response
  const isWhole = [clientDataJSON, authenticatorData, signature].every(isBase64url)
  if (!isWhole || !(userHandle === null || typeof userHandle === 'string')) return malformed
  return { id, clientDataJSON, authenticatorData, signature, userHandle } as Assertion
}

/** The field `credential` as a new passkey. */
export function readRegistration(fields: Fields): Registration | Refusal {
  const credential = credentialIn(fields)
  if (isRefusal(credential)) return credential
  const { id, response } = credential
  const { clientDataJSON, attestationObject, transports = [] } = response
  const isWhole = [clientDataJSON, attestationObject].every(isBase64url)
  if (!isWhole || !Array.isArray(transports)) return malformed
  const known = knownTransports.filter((each) => transports.includes(each))
  return { id, clientDataJSON, attestationObject, transports: known } as Registration
}

/** Others say nothing to any browser of today. */
const knownTransports = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']

const malformed = refusal('malformed_request')

interface Credential {
  readonly id: string
  readonly response: Readonly<Record<string, unknown>>
}

/** A form holds it as text, a body of JSON as it is. */
function credentialIn(fields: Fields): Credential | Refusal {
  const field = readOwn(fields, 'credential')
  const credential = typeof field === 'string' ? parsed(field) : field
  if (!isObject(credential)) return malformed
  const { id, rawId = id, type, response } = credential
  const isWhole = isBase64url(id) && id.length <= longestId && rawId === id
  if (!isWhole || type !== 'public-key' || !isObject(response)) return malformed
  return { id, response }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isBase64url(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]+$/.test(value)
}
