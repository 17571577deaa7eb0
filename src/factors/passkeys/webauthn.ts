/** The library that checks what authenticators sign. It is slow to load, so that only who has passkeys loads it. */

import { ConfigurationError } from '../../core/errors.js'
import type { FactorTools } from '../../ports/factor-tools.js'

/** Bytes of their own buffer, in every version of TypeScript. */
type Bytes = ReturnType<Uint8Array['slice']>

/** What both ceremonies are checked against. */
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

/** A new passkey, as the library reads it. */
interface Registered {
  readonly credential: {
    readonly id: string
    readonly publicKey: Uint8Array
    readonly counter: number
  }
  readonly credentialDeviceType: 'singleDevice' | 'multiDevice'
}

/** What is used of the library. Its own types would have to be installed with ours. */
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
 * Begins to load the library in the background, which takes half a second, and returns it to whoever waits for it.
 * Where it cannot be loaded, an event says so at once, and every ceremony throws.
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
  'passkeys() could not load the package @simplewebauthn/server, which checks signatures; ' +
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
