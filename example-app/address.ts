/** The address that browsers open, and what they do only at some addresses: use passkeys, and keep secure cookies. */

import type { PasskeysOptions } from 'passport-second-factor/passkey'

import type { Settings } from './settings.js'

export interface Address {
  /** The address for browsers on this machine. */
  readonly local: string
  /** The domain and the origin of passkeys; `null` where browsers have none. */
  readonly passkeys: Pick<PasskeysOptions, 'rpId' | 'origins'> | null
  /** True if browsers keep secure cookies here. */
  readonly isSecure: boolean
}

/** Hosts that `localhost` reaches as well: browsers bind passkeys to a name, never to an IP address. */
const reachedByName = ['localhost', '127.0.0.1', '::1', '0.0.0.0', '::']

/** A domain, such as `app.example`, and no IP address. */
const domain = /^(?:[a-z\d-]+\.)+[a-z][a-z\d-]*$/

/** The address of an application that listens on this port. */
export function addressOf({ host, publicUrl, production }: Settings, port: number): Address {
  const name = reachedByName.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  const local = `http://${name}:${port}`
  // In production nobody else is on localhost, and without `PUBLIC_URL` nobody knows the domain.
  const url = publicUrl ?? (production ? null : new URL(local))
  const isSecure = production || url?.protocol === 'https:' || url?.hostname === 'localhost'
  return { local, passkeys: url && isSecure ? passkeysAt(url) : null, isSecure }
}

/** True for a host name, false for an IP address. Only names can be bound to codes for autofill. */
export function isNamed(hostname: string): boolean {
  return !/^[\d.]+$|^\[|^$/.test(hostname)
}

function passkeysAt({ hostname, origin }: URL): Address['passkeys'] {
  const isUsable = hostname === 'localhost' || domain.test(hostname)
  return isUsable ? { rpId: hostname, origins: [origin] } : null
}
