/** Refuses unsafe requests that another site made a browser send. */

import type { Request } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import { refusal, type Refusal } from '../core/refusal.js'

/** An origin that is trusted besides the request's own host. */
export interface TrustedOrigin {
  readonly origin: string
  /** True if it is trusted even when the browser reports another site. */
  readonly crossSite: boolean
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * The refusal of a cross-site request, or `null`. `Sec-Fetch-Site` decides if the browser sends it, otherwise `Origin`
 * does; a request with neither does not come from a page in a browser. Scripts of a listed origin may use the JSON
 * endpoints: those of the same site always, those of another site if the entry says `crossSite`. Forms of another site
 * may not.
 */
export function crossSiteRefusal(req: Request, origins: readonly TrustedOrigin[]): Refusal | null {
  if (safeMethods.has(req.method)) return null
  return isTrusted(req, origins) ? null : refusal('cross_site_request')
}

function isTrusted(req: Request, origins: readonly TrustedOrigin[]): boolean {
  const origin = req.get('origin')
  const entry = listed(origin, origins)
  switch (req.get('sec-fetch-site')) {
    case 'same-origin':
    case 'none':
      return true
    case 'same-site':
      return entry !== undefined && isScript(req)
    case 'cross-site':
      return entry?.crossSite === true && isScript(req)
    case undefined:
      if (origin === undefined || isOwn(origin, req.get('host'))) return true
      return entry !== undefined && (!entry.crossSite || isScript(req))
    default:
      return false
  }
}

/** Returns true if the request cannot come from a form: forms navigate, and cannot send JSON. */
function isScript(req: Request): boolean {
  const [type = ''] = (req.get('content-type') ?? '').split(';')
  const isJson = ['', 'application/json'].includes(type.trim().toLowerCase())
  return isJson && req.get('sec-fetch-mode') !== 'navigate'
}

function listed(
  origin: string | undefined,
  origins: readonly TrustedOrigin[],
): TrustedOrigin | undefined {
  if (origin === undefined || !URL.canParse(origin)) return undefined
  const { origin: canonical } = new URL(origin)
  return origins.find((each) => each.origin === canonical)
}

function isOwn(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  const { host: originHost, protocol } = new URL(origin)
  const own = `${protocol}//${host ?? ''}`
  return URL.canParse(own) && new URL(own).host === originHost && /^https?:$/.test(protocol)
}

/**
 * Checks an entry of the option `origins`.
 *
 * @throws ConfigurationError if it is not an origin.
 */
export function trustedOrigin(
  entry: string | { readonly origin: string; readonly crossSite?: boolean | undefined },
): TrustedOrigin {
  const isEntry = typeof entry === 'object' && (entry as object | null) !== null
  if (isEntry) assertKnownOptions('origins', entry, { origin: true, crossSite: true })
  const { origin, crossSite = false } = isEntry ? entry : { origin: entry as string }
  const url = URL.canParse(origin) ? new URL(origin) : null
  const isOrigin =
    url !== null && /^https?:$/.test(url.protocol) && url.origin === origin.replace(/\/$/, '')
  if (!isOrigin) {
    throw new ConfigurationError(
      `origins holds ${JSON.stringify(origin)}; write scheme and host, such as 'https://example.com'`,
      'origins',
    )
  }
  if (typeof crossSite !== 'boolean') {
    throw new ConfigurationError(
      `origins: crossSite of ${origin} must be true or false`,
      'origins.crossSite',
    )
  }
  return { origin: url.origin, crossSite }
}
