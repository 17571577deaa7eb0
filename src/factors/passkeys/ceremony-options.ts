/** What browsers are asked with, as JSON that `PublicKeyCredential` reads. */

import type { PasskeysContext, Requirement } from './context.js'
import { challengeSeconds } from './rules/challenge.js'
import type { Passkey } from './rules/part.js'

/** Ed25519, ECDSA with P-256 and RSA with SHA-256: what authenticators make. */
export const algorithms = [-8, -7, -257] as const

/** A passkey as browsers find it. */
export interface CredentialDescriptor {
  readonly type: 'public-key'
  readonly id: string
  readonly transports: readonly string[]
}

/** The options of a sign-in: `PublicKeyCredentialRequestOptionsJSON`. */
export interface RequestOptions {
  /** What is to be signed, in base64url. */
  readonly challenge: string
  /** The domain. */
  readonly rpId: string
  /** The passkeys of the person. */
  readonly allowCredentials: readonly CredentialDescriptor[]
  /** Whether a PIN or a fingerprint is asked for. */
  readonly userVerification: Requirement
  /** In milliseconds. */
  readonly timeout: number
}

/** The options of a set-up: `PublicKeyCredentialCreationOptionsJSON`. */
export interface CreationOptions {
  /** What the answer has to hold, in base64url. */
  readonly challenge: string
  /** The domain, and the application's name. */
  readonly rp: { readonly id: string; readonly name: string }
  /** The user as authenticators know them, and the account's name. */
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
  /** The kinds of keys that will do, the preferred first. */
  readonly pubKeyCredParams: readonly { readonly type: 'public-key'; readonly alg: number }[]
  /** The passkeys of the person: where one of these is, no second one is made. */
  readonly excludeCredentials: readonly CredentialDescriptor[]
  /** What the authenticator has to do. */
  readonly authenticatorSelection: {
    readonly residentKey: Requirement
    readonly requireResidentKey: boolean
    readonly userVerification: Requirement
  }
  /** No claim about the authenticator is asked for. */
  readonly attestation: 'none'
  /** In milliseconds. */
  readonly timeout: number
}

const timeout = challengeSeconds * 1000

/** A passkey as browsers find it. */
export function descriptorOf({
  credentialId,
  transports,
}: Pick<Passkey, 'credentialId' | 'transports'>): CredentialDescriptor {
  return { type: 'public-key', id: credentialId, transports }
}

/** The options of a sign-in with one of these passkeys. */
export function requestOptions(
  { rpId, userVerification }: PasskeysContext,
  challenge: string,
  keys: readonly Passkey[],
): RequestOptions {
  return {
    ...{ challenge, rpId, userVerification, timeout },
    allowCredentials: keys.map(descriptorOf),
  }
}

/** A set-up, as its options say it. */
export interface NewCeremony {
  readonly challenge: string
  readonly handle: string
  /** The account's name. */
  readonly label: string
  readonly excluded: readonly CredentialDescriptor[]
}

/** The options of a set-up. */
export function creationOptions(
  { rpId, rpName, residentKey, userVerification }: PasskeysContext,
  { challenge, handle, label, excluded }: NewCeremony,
): CreationOptions {
  return {
    challenge,
    rp: { id: rpId, name: rpName },
    user: { id: handle, name: label, displayName: label },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: excluded,
    authenticatorSelection: {
      residentKey,
      requireResidentKey: residentKey === 'required',
      userVerification,
    },
    attestation: 'none',
    timeout,
  }
}
