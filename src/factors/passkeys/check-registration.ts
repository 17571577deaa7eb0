/** Checks the registration of a new passkey: the ceremony, the domain and the algorithm. */

import type { Confirmation } from '../../ports/enrolment.js'
import { ceremonyOf } from './ceremony.js'
import { algorithms } from './ceremony-options.js'
import type { PasskeysContext } from './context.js'
import type { Registration } from './read-credential.js'
import type { Passkey } from './rules/part.js'
import type { WebAuthn } from './webauthn.js'

/** A new passkey, without the fields that the server assigns. */
export type NewPasskey = Pick<
  Passkey,
  'credentialId' | 'publicKey' | 'counter' | 'synced' | 'transports'
>

/** Checks a registration against the set-up's challenge. Returns the passkey, or `null` if it is invalid. */
export async function checkRegistration(
  context: PasskeysContext,
  { subject, sessionKey, proof }: Confirmation,
  challenge: string,
): Promise<NewPasskey | null> {
  const registration = proof as Registration
  const { id, clientDataJSON, transports } = registration
  const binding = { purpose: 'enrolment', subject, sessionKey } as const
  const now = context.clock()
  if (ceremonyOf(context, clientDataJSON, 'webauthn.create', binding, now) === null) return null
  // `ceremonyOf` accepts any challenge of this session. The library also requires the one of this set-up.
  const found = await verified(context, registration, challenge)
  if (found?.credential.id !== id) return null
  const { credential, credentialDeviceType } = found
  return {
    credentialId: id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    synced: credentialDeviceType === 'multiDevice',
    transports,
  }
}

async function verified(
  { webAuthn, origins, rpId, userVerification }: PasskeysContext,
  { id, clientDataJSON, attestationObject }: Registration,
  challenge: string,
) {
  const library = await webAuthn()
  try {
    const { registrationInfo } = await library.verifyRegistrationResponse({
      response: {
        ...{ id, rawId: id, type: 'public-key' },
        clientExtensionResults: {},
        response: {
          clientDataJSON,
          attestationObject: withoutStatement(library, attestationObject),
        },
      },
      ...{ expectedChallenge: challenge, expectedOrigin: [...origins], expectedRPID: rpId },
      expectedType: 'webauthn.create',
      requireUserVerification: userVerification === 'required',
      supportedAlgorithmIDs: [...algorithms],
    })
    return registrationInfo
  } catch {
    return undefined
  }
}

/**
 * Removes the statement from an attestation object. We do not rely on it, and without it a client cannot make the
 * server parse certificates of its choice, or fetch URLs in them.
 */
function withoutStatement(library: WebAuthn, attestationObject: string): string {
  const decoded = library.decodeAttestationObject(
    new Uint8Array(Buffer.from(attestationObject, 'base64url')),
  )
  const data: unknown = decoded.get('authData')
  if (!(data instanceof Uint8Array) || data.length > 0xffff) throw new TypeError('no data')
  // CBOR: a map of three, { fmt: 'none', attStmt: {}, authData }, and the length of the last in two bytes.
  const head = Buffer.from('\xa3cfmtdnonegattStmt\xa0hauthData\x59\0\0', 'latin1')
  head.writeUInt16BE(data.length, head.length - 2)
  return Buffer.concat([head, data]).toString('base64url')
}
