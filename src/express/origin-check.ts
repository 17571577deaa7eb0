/** Refuses unsafe requests that another site made a browser send. */

import type { Request } from 'express'

import { refusal, type Refusal } from '../core/refusal.js'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * The refusal of a cross-site request, or `null`. `Sec-Fetch-Site` decides where a browser sends it, else
 * `Origin` does; a request with neither does not come from a browser's page.
 */
export function crossSiteRefusal(req: Request, origins: readonly string[]): Refusal | null {
  if (safeMethods.has(req.method)) return null
  const site = req.get('sec-fetch-site')
  const trusted =
    site === undefined
      ? isTrustedOrigin(req.get('origin'), req.get('host'), origins)
      : site === 'same-origin' || site === 'none'
  return trusted ? null : refusal('cross_site_request')
}

function isTrustedOrigin(
  origin: string | undefined,
  host: string | undefined,
  origins: readonly string[],
): boolean {
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { origin: canonical, host: originHost, protocol } = new URL(origin)
  if (origins.includes(canonical)) return true
  const own = `${protocol}//${host ?? ''}`
  return URL.canParse(own) && new URL(own).host === originHost && /^https?:$/.test(protocol)
}
