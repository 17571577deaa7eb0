/** Checks the option `pages.support`. */

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'

/** A link to help. */
export interface SupportLink {
  /** A path of your origin, or an address with `https:`, `http:`, `mailto:` or `tel:`. */
  readonly url: string
  /**
   * The text of the link.
   *
   * @default "Contact support", in the language of the page
   */
  readonly label?: string | undefined
}

/** The resolved option: a sentence has no `url`, and a link may have no text of its own. */
export interface SupportTarget {
  readonly url: string | null
  readonly label: string | null
}

const schemes: readonly string[] = ['https:', 'http:', 'mailto:', 'tel:']

/**
 * Checks the option. `path` checks that a value is a path of this origin.
 *
 * @throws ConfigurationError for an invalid address or an empty text.
 */
export function resolveSupport(
  support: SupportLink | string,
  path: (option: string, value: string) => string,
): SupportTarget {
  if (typeof support === 'string') {
    return { url: null, label: checkedWords('pages.support', support) }
  }
  const given: unknown = support
  if (typeof given !== 'object' || given === null) {
    throw new ConfigurationError(
      "pages.support must be a link, such as { url: '/help' }, or a sentence",
      'pages.support',
    )
  }
  assertKnownOptions('pages.support', support, { url: true, label: true })
  const { url, label } = support
  return {
    url: checkedUrl(url, path),
    label: label === undefined ? null : checkedWords('pages.support.label', label),
  }
}

function checkedUrl(url: unknown, path: (option: string, value: string) => string): string {
  if (typeof url === 'string' && url.startsWith('/')) return path('pages.support.url', url)
  const scheme = typeof url === 'string' && URL.canParse(url) ? new URL(url).protocol : ''
  if (typeof url === 'string' && schemes.includes(scheme)) return url
  throw new ConfigurationError(
    `pages.support.url must be a path of this origin, or an address with ${schemes.join(', ')}, such as ` +
      "'mailto:help@example.com'",
    'pages.support.url',
  )
}

function checkedWords(option: string, words: unknown): string {
  if (typeof words === 'string' && words.trim() !== '') return words.trim()
  throw new ConfigurationError(`${option} must be a string that is not empty`, option)
}
