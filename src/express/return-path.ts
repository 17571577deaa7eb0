/** The page to return to after the second factor: always a path of this origin. */

/** Longer paths are dropped. */
const maxLength = 2048

const anyOrigin = 'http://origin.invalid'

/** The path and query of `url` if they are safe to redirect to, otherwise `null`. */
export function returnPath(url: unknown): string | null {
  if (typeof url !== 'string' || url.length > maxLength) return null
  // Browsers read "\" as "/", and drop tabs and line ends, so "/\evil" and "/<TAB>/evil" leave the origin.
  if (!/^\/(?![/\\])[^\s\\\p{Cc}]*$/u.test(url)) return null
  if (!URL.canParse(url, anyOrigin)) return null
  const { origin, pathname, search } = new URL(url, anyOrigin)
  // "/..//evil" resolves to the path "//evil", which on its own is another origin.
  return origin === anyOrigin && !pathname.startsWith('//') ? pathname + search : null
}
