/** The library that verifies signatures. It is slow to load, so it is loaded only if passkeys are configured. */

import { ConfigurationError } from '../../core/errors.js'
import type { FactorTools } from '../../ports/factor-tools.js'

/** A `Uint8Array` with its own `ArrayBuffer`, a type that every version of TypeScript understands. */
type Bytes = ReturnType<Uint8Array['slice']>

/** The expected values of both ceremonies. */
interface Expected {
  readonly expectedChallenge: string
  readonly expectedOrigin: string[]
  readonly expectedRPID: string
  readonly expectedType: string
  readonly requireUserVerification: boolean
}

interface Credential<Response> {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly clientExtensionResults: object
  readonly response: Response
}

/** A new passkey, as the library returns it. */
interface Registered {
  readonly credential: {
    readonly id: string
    readonly publicKey: Uint8Array
    readonly counter: number
  }
  readonly credentialDeviceType: 'singleDevice' | 'multiDevice'
}

/** The functions that we use, typed here so that users without passkeys need not install the library for its types. */
export interface WebAuthn {
  verifyAuthenticationResponse(
    options: Expected & {
      readonly response: Credential<{
        readonly clientDataJSON: string
        readonly authenticatorData: string
        readonly signature: string
      }>
      readonly credential: {
        readonly id: string
        readonly publicKey: Bytes
        readonly counter: number
      }
    },
  ): Promise<{ readonly verified: boolean }>
  verifyRegistrationResponse(
    options: Expected & {
      readonly response: Credential<{
        readonly clientDataJSON: string
        readonly attestationObject: string
      }>
      readonly supportedAlgorithmIDs: number[]
    },
  ): Promise<{ readonly registrationInfo?: Registered | undefined }>
  decodeAttestationObject(object: Bytes): { get(name: 'authData'): unknown }
}

/**
 * Starts loading the library in the background, which takes half a second, and returns a function that waits for it. If
 * loading fails, an event is emitted at once and every ceremony throws.
 */
export function loadWebAuthn(
  { emit }: Pick<FactorTools, 'emit'>,
  load: () => Promise<WebAuthn> = importWebAuthn,
): () => Promise<WebAuthn> {
  const loading = load()
  loading.catch(() => {
    emit({ type: 'set_up_mistake', option: 'factors', message })
  })
  return () =>
    loading.catch(() => {
      throw new ConfigurationError(message, 'factors')
    })
}

const message =
  'passkeys() could not load the package @simplewebauthn/server, which verifies signatures; ' +
  'install it: npm install @simplewebauthn/server@14'

async function importWebAuthn(): Promise<WebAuthn> {
  const [server, parsers] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ])
  const { verifyAuthenticationResponse, verifyRegistrationResponse } = server
  const { decodeAttestationObject } = parsers
  return { verifyAuthenticationResponse, verifyRegistrationResponse, decodeAttestationObject }
}
