/** The way back after the second factor: only ever a path of this origin. */

/** A longer way back is dropped. */
const maxLength = 2048

const anyOrigin = 'http://origin.invalid'

/** The path and query of `url` if they are safe to redirect to, else `null`. */
export function returnPath(url: unknown): string | null {
  if (typeof url !== 'string' || url.length > maxLength) return null
  // A browser reads "\" as "/", and drops tabs and line ends, so that "/\evil" and "/<TAB>/evil" leave the origin.
  if (!/^\/(?![/\\])[^\s\\\p{Cc}]*$/u.test(url)) return null
  if (!URL.canParse(url, anyOrigin)) return null
  const { origin, pathname, search } = new URL(url, anyOrigin)
  // "/..//evil" resolves to the path "//evil", which is another origin once it stands alone.
  return origin === anyOrigin && !pathname.startsWith('//') ? pathname + search : null
}
