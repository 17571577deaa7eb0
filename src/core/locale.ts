/** Languages by their BCP 47 tags: one spelling of each, and the best of those on offer. */

import { remembered } from './remembered.js'

/** No tag that means anything here is longer. */
const maxTagLength = 35

/** A tag as BCP 47 spells it (`pt_br` becomes `pt-BR`), or `null` where it is none. */
export function canonicalLocale(tag: unknown): string | null {
  return typeof tag === 'string' && tag.length <= maxTagLength ? canonical(tag) : null
}

/** `Intl` takes as long for one tag as everything else that is asked of it in a request. */
const canonical = remembered((tag) => {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? null
  } catch {
    return null
  }
}, 500)

/** The offered tag that serves a wanted one best (RFC 4647, lookup): itself, else what it narrows; or `null`. */
export function matchLocale(wanted: string | null, offered: readonly string[]): string | null {
  const subtags = canonicalLocale(wanted)?.split('-') ?? []
  for (let length = subtags.length; length > 0; length -= 1) {
    const tag = subtags.slice(0, length).join('-')
    if (offered.includes(tag)) return tag
  }
  return null
}
