/** How the default pages look and speak: the options, checked once. */

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { Logo, ViewsByName } from './page.js'
import { resolveSupport, type SupportLink, type SupportTarget } from './support.js'
import { createWordings, type OwnTexts, type Wordings } from './wording.js'

/** How the default pages look and speak. */
export interface PagesOptions {
  /**
   * Path of a style sheet of yours, loaded after the default one. It sets custom properties, such as
   * `:root { --sf-accent: #0b6e4f; --sf-on-accent: #fff }`, or anything else.
   *
   * @default none
   */
  readonly stylesheet?: string | undefined
  /**
   * A picture shown in place of `appName`, at a path of your origin.
   *
   * @default none
   */
  readonly logo?: Logo | undefined
  /**
   * Where people get help who are stuck: a link, such as `{ url: '/help' }`, or a sentence of yours. It stands at the
   * foot of every page.
   *
   * @default none
   */
  readonly support?: SupportLink | string | undefined
  /**
   * Texts by BCP 47 tag, beside or in place of the shipped `en`, `fr`, `es`, `de`, `pt`, `hi` and `ar`.
   *
   * @default the shipped languages alone
   */
  readonly texts?: OwnTexts | undefined
  /**
   * The language for people whose own is not known, or has no texts.
   *
   * @default 'en'
   */
  readonly defaultLocale?: string | undefined
  /**
   * Whether the form is sent as the last digit is typed, where scripts run.
   *
   * @default false
   */
  readonly submitOnLastDigit?: boolean | undefined
  /**
   * Views of the application's own in place of the default pages, by page.
   *
   * @default none
   */
  readonly views?: ViewsByName | undefined
}

/** The options as the pages use them. */
export interface PageStyle {
  readonly stylesheet: string | null
  readonly logo: Logo | null
  readonly support: SupportTarget | null
  readonly wordings: Wordings
  readonly submitOnLastDigit: boolean
  readonly views: ViewsByName
}

const optionNames: Readonly<Record<keyof PagesOptions, true>> = {
  stylesheet: true,
  logo: true,
  support: true,
  texts: true,
  defaultLocale: true,
  submitOnLastDigit: true,
  views: true,
}

/**
 * Checks the options; `path` checks that one is a path of this origin, and `pageNames` are the pages there are.
 *
 * @throws ConfigurationError naming the option that cannot be used.
 */
export function resolvePages(
  options: PagesOptions,
  path: (option: string, value: string) => string,
  pageNames: readonly string[],
): PageStyle {
  assertKnownOptions('pages', options, optionNames)
  const { stylesheet, logo, support, texts, defaultLocale, submitOnLastDigit = false } = options
  return {
    stylesheet: stylesheet === undefined ? null : path('pages.stylesheet', stylesheet),
    logo: logo === undefined ? null : resolveLogo(logo, path),
    support: support === undefined ? null : resolveSupport(support, path),
    wordings: createWordings(texts, defaultLocale),
    submitOnLastDigit,
    views: checkedViews(options.views ?? {}, pageNames),
  }
}

function checkedViews(views: ViewsByName, pageNames: readonly string[]): ViewsByName {
  assertKnownOptions(
    'pages.views',
    views,
    Object.fromEntries(pageNames.map((name) => [name, true])),
  )
  for (const [page, view] of Object.entries<unknown>({ ...views })) {
    if (view !== undefined && typeof view !== 'string' && typeof view !== 'function') {
      throw new ConfigurationError(
        `pages.views.${page} must be the name of a view, as res.render takes it, or a function that returns HTML`,
        `pages.views.${page}`,
      )
    }
  }
  return views
}

function resolveLogo(logo: Logo, path: (option: string, value: string) => string): Logo {
  assertKnownOptions('pages.logo', logo, { path: true, width: true, height: true })
  const { width, height } = logo
  if (![width, height].every((size) => Number.isInteger(size) && size >= 1 && size <= 1000)) {
    throw new ConfigurationError(
      'pages.logo needs width and height in whole pixels, at most 1000, so that the page does not jump',
      'pages.logo',
    )
  }
  return { path: path('pages.logo.path', logo.path), width, height }
}
