/** Canonical BCP 47 tags, and the best match among the offered languages. */

import { remembered } from './remembered.js'

/** Longer tags are ignored: none of them is a language we could offer. */
const maxTagLength = 35

/** The canonical form of a tag (`pt_br` becomes `pt-BR`), or `null` if it is invalid. */
export function canonicalLocale(tag: unknown): string | null {
  return typeof tag === 'string' && tag.length <= maxTagLength ? canonical(tag) : null
}

/** Cached, because `Intl` is slow: one call takes as long as all the other language work of a request. */
const canonical = remembered((tag) => {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? null
  } catch {
    return null
  }
}, 500)

/** The best offered match for a tag, by RFC 4647 lookup: the tag itself, else its longest prefix; or `null`. */
export function matchLocale(wanted: string | null, offered: readonly string[]): string | null {
  const subtags = canonicalLocale(wanted)?.split('-') ?? []
  for (let length = subtags.length; length > 0; length -= 1) {
    const tag = subtags.slice(0, length).join('-')
    if (offered.includes(tag)) return tag
  }
  return null
}
