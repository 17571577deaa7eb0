/** Checks the options of the default pages. */

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { Logo, ViewsByName } from './page.js'
import { resolveSupport, type SupportLink, type SupportTarget } from './support.js'
import { createWordings, type OwnTexts, type Wordings } from './wording.js'

/** The look and the texts of the default pages. */
export interface PagesOptions {
  /**
   * The path of your own style sheet, loaded after the default one. It can set custom properties, such as `:root {
   * --sf-accent: #0b6e4f; --sf-on-accent: #fff }`, or anything else.
   *
   * @default none
   */
  readonly stylesheet?: string | undefined
  /**
   * An image shown instead of `appName`, at a path of your origin.
   *
   * @default none
   */
  readonly logo?: Logo | undefined
  /**
   * Help for people who are stuck: a link, such as `{ url: '/help' }`, or a sentence. It is at the foot of every page.
   *
   * @default none
   */
  readonly support?: SupportLink | string | undefined
  /**
   * Texts by BCP 47 tag. They add to or replace the shipped `en`, `fr`, `es`, `de`, `pt`, `hi` and `ar`.
   *
   * @default the shipped languages alone
   */
  readonly texts?: OwnTexts | undefined
  /**
   * The language for people whose own is unknown, or has no texts.
   *
   * @default 'en'
   */
  readonly defaultLocale?: string | undefined
  /**
   * Sends the form as the last digit is typed, if scripts run.
   *
   * @default false
   */
  readonly submitOnLastDigit?: boolean | undefined
  /**
   * Your own views instead of the default pages, by name of the page.
   *
   * @default none
   */
  readonly views?: ViewsByName | undefined
}

/** The resolved options, as the pages use them. */
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
 * Checks the options. `path` checks that a value is a path of this origin, and `pageNames` are the pages that exist.
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
        `pages.views.${page} must be the name of a view for res.render, or a function that returns HTML`,
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
