/** An authenticator and its browser, in software: it can do anything, including what no honest one would. */

import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'

import type {
  CreationOptions,
  RequestOptions,
} from '../../src/factors/passkeys/ceremony-options.js'

/** The options of a software passkey. */
export interface SoftwarePasskeyOptions {
  readonly origin?: string
  readonly rpId?: string
  /** -7 is ECDSA, -8 Ed25519, -257 RSA. */
  readonly algorithm?: -7 | -8 | -257
  /** True if it may be copied to other devices. */
  readonly synced?: boolean
  /** Its count so far; `null` for one that does not count. */
  readonly counter?: number | null
  readonly id?: Buffer
  readonly transports?: readonly string[]
}

/** The ways it differs from an honest browser. */
export interface Lies {
  readonly id?: string
  readonly type?: string
  readonly challenge?: string
  readonly origin?: string
  readonly rpId?: string
  readonly client?: object
  readonly counter?: number
  /** Bits of the flags that are turned over: 0x01 presence, 0x04 verification, 0x08 backup eligibility. */
  readonly flags?: number
  readonly userHandle?: string | null
  /** Signs in place of its own key. */
  readonly key?: KeyObject
  /** An attestation statement in place of none. */
  readonly attestation?: { readonly fmt: string; readonly statement: Cbor }
}

/** A credential as `PublicKeyCredential.toJSON` writes it. */
export interface CredentialJson {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly response: Readonly<Record<string, unknown>>
  readonly clientExtensionResults: object
}

const present = 0x01
const backupEligible = 0x08
const backedUp = 0x10
const attested = 0x40

export class SoftwarePasskey {
  readonly id: string
  counter: number | null
  synced: boolean
  handle: string | null = null
  readonly #options: SoftwarePasskeyOptions
  readonly #keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }

  constructor(options: SoftwarePasskeyOptions = {}) {
    const { algorithm = -7, synced = false, counter = 0, id = randomBytes(16) } = options
    this.#options = { ...options, algorithm }
    this.#keys = keyPair(algorithm)
    this.id = id.toString('base64url')
    this.synced = synced
    this.counter = counter
  }

  /** Answers `navigator.credentials.create`. */
  create({ challenge, user, rp }: CreationOptions, lies: Lies = {}): CredentialJson {
    this.handle = user.id
    const credentialId = Buffer.from(lies.id ?? this.id, 'base64url')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(credentialId.length)
    const data = Buffer.concat([
      this.#data(rp.id, { ...lies, counter: lies.counter ?? this.counter ?? 0 }, attested),
      Buffer.alloc(16),
      length,
      credentialId,
      encode(coseOf(this.#keys.publicKey, this.#options.algorithm ?? -7)),
    ])
    const { fmt, statement } = lies.attestation ?? { fmt: 'none', statement: new Map() }
    const object = new Map<Cbor, Cbor>([
      ['fmt', fmt],
      ['attStmt', statement],
      ['authData', data],
    ])
    return this.#credential(lies, {
      clientDataJSON: this.#client('webauthn.create', challenge, lies).toString('base64url'),
      attestationObject: encode(object).toString('base64url'),
      transports: this.#options.transports ?? ['internal'],
    })
  }

  /** Answers `navigator.credentials.get`. */
  get({ challenge, rpId }: RequestOptions, lies: Lies = {}): CredentialJson {
    if (this.counter !== null && lies.counter === undefined) this.counter += 1
    const data = this.#data(rpId, { ...lies, counter: lies.counter ?? this.counter ?? 0 }, 0)
    const client = this.#client('webauthn.get', challenge, lies)
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
    const hash = this.#options.algorithm === -8 ? null : 'sha256'
    const signature = sign(hash, signed, lies.key ?? this.#keys.privateKey)
    return this.#credential(lies, {
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: lies.userHandle === undefined ? this.handle : lies.userHandle,
    })
  }

  #credential(lies: Lies, response: Readonly<Record<string, unknown>>): CredentialJson {
    const id = lies.id ?? this.id
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} }
  }

  #client(type: string, challenge: string, lies: Lies): Buffer {
    const { origin = 'https://example.com' } = this.#options
    const data = { type, challenge, origin, crossOrigin: false }
    const told = Object.entries({ type: lies.type, challenge: lies.challenge, origin: lies.origin })
    const changed = Object.fromEntries(told.filter(([, value]) => value !== undefined))
    return Buffer.from(JSON.stringify({ ...data, ...changed, ...lies.client }))
  }

  #data(rpId: string, lies: Lies, more: number): Buffer {
    const synced = this.synced ? backupEligible | backedUp : 0
    const rest = Buffer.alloc(5)
    rest.writeUInt8((present | synced | more) ^ (lies.flags ?? 0))
    rest.writeUInt32BE(lies.counter ?? 0, 1)
    const hash = createHash('sha256')
      .update(lies.rpId ?? rpId)
      .digest()
    return Buffer.concat([hash, rest])
  }
}

function keyPair(algorithm: number) {
  if (algorithm === -8) return generateKeyPairSync('ed25519')
  if (algorithm === -257) return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

/** The public key as COSE writes it. */
function coseOf(key: KeyObject, algorithm: number): Map<Cbor, Cbor> {
  const jwk = key.export({ format: 'jwk' })
  const bytes = (name: keyof JsonWebKey) => Buffer.from(String(jwk[name]), 'base64url')
  if (algorithm === -8) {
    return new Map<Cbor, Cbor>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes('x')],
    ])
  }
  if (algorithm === -257) {
    return new Map<Cbor, Cbor>([
      [1, 3],
      [3, -257],
      [-1, bytes('n')],
      [-2, bytes('e')],
    ])
  }
  return new Map<Cbor, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes('x')],
    [-3, bytes('y')],
  ])
}

/** A CBOR value, as far as authenticators use it. */
export type Cbor = number | string | Buffer | Map<Cbor, Cbor> | readonly Cbor[]

/** Writes CBOR. */
export function encode(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map) {
    return Buffer.concat([head(5, value.size), ...[...value].flat().map(encode)])
  }
  return Buffer.concat([head(4, value.length), ...value.map(encode)])
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff])
}
