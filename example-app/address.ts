/** The application's address. Browsers allow passkeys and secure cookies only at some addresses. */

import type { PasskeysOptions } from 'passport-second-factor/passkey'

import type { Settings } from './settings.js'

export interface Address {
  /** The address for browsers on this machine. */
  readonly local: string
  /** The domain and the origin for passkeys; `null` if browsers do not allow them here. */
  readonly passkeys: Pick<PasskeysOptions, 'rpId' | 'origins'> | null
  /** True if browsers keep secure cookies here. */
  readonly isSecure: boolean
}

/** Hosts that are also `localhost`: browsers bind passkeys to a name, never to an IP address. */
const reachedByName = ['localhost', '127.0.0.1', '::1', '0.0.0.0', '::']

/** Matches a domain such as `app.example`, but no IP address. */
const domain = /^(?:[a-z\d-]+\.)+[a-z][a-z\d-]*$/

/** Returns the address of the application on this port. */
export function addressOf({ host, publicUrl, production }: Settings, port: number): Address {
  const name = reachedByName.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  const local = `http://${name}:${port}`
  // In production, people do not come by localhost, and only `PUBLIC_URL` says which domain they use.
  const url = publicUrl ?? (production ? null : new URL(local))
  const isSecure = production || url?.protocol === 'https:' || url?.hostname === 'localhost'
  return { local, passkeys: url && isSecure ? passkeysAt(url) : null, isSecure }
}

/** True for a host name, false for an IP address. Only names can be bound to a code for autofill. */
export function isNamed(hostname: string): boolean {
  return !/^[\d.]+$|^\[|^$/.test(hostname)
}

function passkeysAt({ hostname, origin }: URL): Address['passkeys'] {
  const isUsable = hostname === 'localhost' || domain.test(hostname)
  return isUsable ? { rpId: hostname, origins: [origin] } : null
}
