/** Reads an authenticator's response. Its fields can be of any type. */

import { readOwn, type Fields } from '../../core/fields.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import { isObject } from '../../core/shape.js'

/** An assertion, in the format of `PublicKeyCredential.toJSON`. */
export interface Assertion {
  readonly id: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
  readonly userHandle: string | null
}

/** A registration, in the format of `PublicKeyCredential.toJSON`. */
export interface Registration {
  readonly id: string
  readonly clientDataJSON: string
  readonly attestationObject: string
  readonly transports: readonly string[]
}

/** Maximum length of a credential id: 1,023 bytes in base64url. */
const longestId = Math.ceil((1023 * 4) / 3)

/** Reads the field `credential` as an assertion. */
export function readAssertion(fields: Fields): Assertion | Refusal {
  const credential = credentialIn(fields)
  if (isRefusal(credential)) return credential
  const { id, response } = credential
  const { clientDataJSON, authenticatorData, signature, userHandle = null } = response
  const isWhole = [clientDataJSON, authenticatorData, signature].every(isBase64url)
  if (!isWhole || !(userHandle === null || typeof userHandle === 'string')) return malformed
  return { id, clientDataJSON, authenticatorData, signature, userHandle } as Assertion
}

/** Reads the field `credential` as a registration. */
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

/** The transports that browsers know. Others are dropped. */
const knownTransports = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']

const malformed = refusal('malformed_request')

interface Credential {
  readonly id: string
  readonly response: Readonly<Record<string, unknown>>
}

/** A form sends the credential as a JSON string, a JSON body as an object. */
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
