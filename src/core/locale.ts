/** Languages by their BCP 47 tags: one spelling of each, and the best of those on offer. */

/** No tag that means anything here is longer. */
const maxTagLength = 35

/** A tag as BCP 47 spells it (`pt_br` becomes `pt-BR`), or `null` where it is none. */
export function canonicalLocale(tag: unknown): string | null {
  if (typeof tag !== 'string' || tag.length > maxTagLength) return null
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? null
  } catch {
    return null
  }
}

/** The offered tag that serves a wanted one best (RFC 4647, lookup): itself, else what it narrows; or `null`. */
export function matchLocale(wanted: string | null, offered: readonly string[]): string | null {
  const subtags = canonicalLocale(wanted)?.split('-') ?? []
  for (let length = subtags.length; length > 0; length -= 1) {
    const tag = subtags.slice(0, length).join('-')
    if (offered.includes(tag)) return tag
  }
  return null
}
