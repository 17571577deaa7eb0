/** How the default pages look and speak: the options, checked once. */

import { ConfigurationError } from '../core/errors.js'
import { refuseUnknown } from '../core/known-options.js'
import type { Logo, Page, Views } from './page.js'
import { createWordings, type OwnTexts, type Wordings } from './wording.js'

/** How the default pages look and speak. */
export interface PagesOptions {
  /**
   * Path of a style sheet of yours, loaded after the default one. It sets custom properties, such as
   * `:root { --sf-accent: #0b6e4f; --sf-on-accent: #fff }`, or anything else. Default: none.
   */
  readonly stylesheet?: string | undefined
  /** A picture shown in place of `appName`, at a path of your origin. Default: none. */
  readonly logo?: Logo | undefined
  /** Texts by BCP 47 tag, beside or in place of the shipped `en`, `fr`, `es`, `de`, `pt`, `hi` and `ar`. */
  readonly texts?: OwnTexts | undefined
  /** The language for people whose own is not known, or has no texts. Default `en`. */
  readonly defaultLocale?: string | undefined
  /** Whether the form is sent as the last digit is typed, where scripts run. Default `false`. */
  readonly submitOnLastDigit?: boolean | undefined
}

/** The options as the pages use them. */
export interface PageStyle {
  readonly stylesheet: string | null
  readonly logo: Logo | null
  readonly wordings: Wordings
  readonly submitOnLastDigit: boolean
}

const optionNames: Readonly<Record<keyof PagesOptions, true>> = {
  stylesheet: true,
  logo: true,
  texts: true,
  defaultLocale: true,
  submitOnLastDigit: true,
}

const pageNames: Readonly<Record<Page['name'], true>> = {
  challenge: true,
  phone: true,
  message: true,
}

/**
 * Checks the options; `path` checks that one is a path of this origin.
 *
 * @throws ConfigurationError naming the option that cannot be used.
 */
export function resolvePages(
  options: PagesOptions,
  path: (option: string, value: string) => string,
): PageStyle {
  refuseUnknown('pages', options, optionNames)
  const { stylesheet, logo, texts, defaultLocale, submitOnLastDigit = false } = options
  return {
    stylesheet: stylesheet === undefined ? null : path('pages.stylesheet', stylesheet),
    logo: logo === undefined ? null : resolveLogo(logo, path),
    wordings: createWordings(texts, defaultLocale),
    submitOnLastDigit,
  }
}

/** @throws ConfigurationError for a view of no page, or one that is neither a name nor a function. */
export function checkedViews(views: Views): Views {
  for (const [page, view] of Object.entries<unknown>({ ...views })) {
    if (!Object.hasOwn(pageNames, page)) {
      const pages = Object.keys(pageNames).join(', ')
      throw new ConfigurationError(`views.${page} is not a page; the pages are ${pages}`)
    }
    if (view !== undefined && typeof view !== 'string' && typeof view !== 'function') {
      throw new ConfigurationError(
        `views.${page} must be the name of a view, as res.render takes it, or a function that returns HTML`,
      )
    }
  }
  return views
}

function resolveLogo(logo: Logo, path: (option: string, value: string) => string): Logo {
  refuseUnknown('pages.logo', logo, { path: true, width: true, height: true })
  const { width, height } = logo
  if (![width, height].every((size) => Number.isInteger(size) && size >= 1 && size <= 1000)) {
    throw new ConfigurationError(
      'pages.logo needs width and height in whole pixels, at most 1000, so that the page does not jump',
    )
  }
  return { path: path('pages.logo.path', logo.path), width, height }
}
