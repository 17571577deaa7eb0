/** Checks an assertion: the ceremony, the domain and the signature. */

import { createHash } from 'node:crypto'

import type { Instant, SubjectState } from '../../core/state.js'
import type { Attempt } from '../../ports/attempt.js'
import { ceremonyOf } from './ceremony.js'
import type { PasskeysContext } from './context.js'
import type { Assertion } from './read-credential.js'
import { refusedFor, type CheckedAssertion } from './rules/judge.js'
import { keysOf, type Passkey } from './rules/part.js'

/** Flags in authenticator data (WebAuthn, 6.1). */
const userPresent = 0x01
const userVerified = 0x04
const backupEligible = 0x08

/** Minimum length of authenticator data: the hash of the domain, the flags and the counter. */
const leastBytes = 37

/**
 * Checks an assertion against the row just read. It is wrong only if no passkey of the user made it. An assertion for
 * another ceremony or domain is void: it does not show that somebody is trying to get in.
 */
export async function checkAssertion(
  context: PasskeysContext,
  row: SubjectState,
  now: Instant,
  { evidence, purpose, sessionKey }: Attempt,
): Promise<CheckedAssertion | null> {
  // `checkRegistration` checks enrolments.
  if (purpose !== 'sign-in') return null
  const { subject } = row
  const assertion = evidence as Assertion
  if (typeof sessionKey !== 'string') return { status: 'void' }
  const binding = { purpose, subject, sessionKey }
  const ceremony = ceremonyOf(context, assertion.clientDataJSON, 'webauthn.get', binding, now)
  if (ceremony === null) return { status: 'void' }
  const data = readData(assertion.authenticatorData)
  if (data === null || !isAcceptable(context, data)) return { status: 'void' }
  const key = keysOf(row).find(({ credentialId }) => credentialId === assertion.id)
  if (key === undefined) return { status: 'wrong' }
  if (!(await isSigned(context, key, assertion, ceremony.challenge))) return { status: 'wrong' }
  const checked: CheckedAssertion = {
    status: 'signed',
    credentialId: key.credentialId,
    counter: data.counter,
    synced: (data.flags & backupEligible) !== 0,
    handle: assertion.userHandle === '' ? null : assertion.userHandle,
    ceremony: { id: ceremony.id, until: ceremony.until },
  }
  // A refusal writes nothing, so this row is final. `judge` is pure, so emit the event here.
  const reason = refusedFor(row, checked)
  if (reason !== null) {
    context.emit({ type: 'passkey_suspicious', subject, reason, accepted: false })
  }
  return checked
}

interface AuthenticatorData {
  readonly rpIdHash: Buffer
  readonly flags: number
  readonly counter: number
}

function readData(text: string): AuthenticatorData | null {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < leastBytes) return null
  return {
    rpIdHash: bytes.subarray(0, 32),
    flags: bytes.readUInt8(32),
    counter: bytes.readUInt32BE(33),
  }
}

function isAcceptable(
  { rpId, userVerification }: PasskeysContext,
  { rpIdHash, flags }: AuthenticatorData,
): boolean {
  const isOurs = createHash('sha256').update(rpId).digest().equals(rpIdHash)
  const isVerified = userVerification !== 'required' || (flags & userVerified) !== 0
  return isOurs && isVerified && (flags & userPresent) !== 0
}

async function isSigned(
  { webAuthn, origins, rpId, userVerification }: PasskeysContext,
  { credentialId, publicKey }: Passkey,
  { clientDataJSON, authenticatorData, signature }: Assertion,
  challenge: string,
): Promise<boolean> {
  const library = await webAuthn()
  try {
    const { verified } = await library.verifyAuthenticationResponse({
      response: {
        ...{ id: credentialId, rawId: credentialId, type: 'public-key' },
        clientExtensionResults: {},
        response: { clientDataJSON, authenticatorData, signature },
      },
      ...{ expectedChallenge: challenge, expectedOrigin: [...origins], expectedRPID: rpId },
      expectedType: 'webauthn.get',
      requireUserVerification: userVerification === 'required',
      // The library would reject a counter that has not risen. Our own rule exempts synced passkeys.
      credential: {
        id: credentialId,
        publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
        counter: 0,
      },
    })
    return verified
  } catch {
    return false
  }
}
