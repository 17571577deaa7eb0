/** The options of ceremonies, in the JSON format of `PublicKeyCredential`. */

import type { PasskeysContext, Requirement } from './context.js'
import { challengeSeconds } from './rules/challenge.js'
import type { Passkey } from './rules/part.js'

/** Accepted algorithms, preferred first: Ed25519, ECDSA with P-256, and RSA with SHA-256. */
export const algorithms = [-8, -7, -257] as const

/** A passkey, described for a browser. */
export interface CredentialDescriptor {
  readonly type: 'public-key'
  readonly id: string
  readonly transports: readonly string[]
}

/** The options of a sign-in: `PublicKeyCredentialRequestOptionsJSON`. */
export interface RequestOptions {
  /** The challenge to sign, in base64url. */
  readonly challenge: string
  /** The relying party id. */
  readonly rpId: string
  /** The user's passkeys. */
  readonly allowCredentials: readonly CredentialDescriptor[]
  /** The requirement for user verification. */
  readonly userVerification: Requirement
  /** Timeout in milliseconds. */
  readonly timeout: number
}

/** The options of a set-up: `PublicKeyCredentialCreationOptionsJSON`. */
export interface CreationOptions {
  /** The challenge that the response must contain, in base64url. */
  readonly challenge: string
  /** The relying party id and the application's name. */
  readonly rp: { readonly id: string; readonly name: string }
  /** The user handle and the account name. */
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
  /** The accepted algorithms, preferred first. */
  readonly pubKeyCredParams: readonly { readonly type: 'public-key'; readonly alg: number }[]
  /** The user's passkeys. An authenticator that has one of them does not create another. */
  readonly excludeCredentials: readonly CredentialDescriptor[]
  /** The requirements for the authenticator. */
  readonly authenticatorSelection: {
    readonly residentKey: Requirement
    readonly requireResidentKey: boolean
    readonly userVerification: Requirement
  }
  /** Attestation is not requested. */
  readonly attestation: 'none'
  /** Timeout in milliseconds. */
  readonly timeout: number
}

const timeout = challengeSeconds * 1000

/** Describes a passkey for a browser. */
export function descriptorOf({
  credentialId,
  transports,
}: Pick<Passkey, 'credentialId' | 'transports'>): CredentialDescriptor {
  return { type: 'public-key', id: credentialId, transports }
}

/** Makes the options of a sign-in with one of these passkeys. */
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

/** A set-up to make options for. */
export interface NewCeremony {
  readonly challenge: string
  readonly handle: string
  /** The account name. */
  readonly label: string
  readonly excluded: readonly CredentialDescriptor[]
}

/** Makes the options of a set-up. */
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
