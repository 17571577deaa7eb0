/** Types of the pages: the model of each page, and the frame around all of them. */

import type { RefusalCode } from '../core/refusal.js'
import type { Texts } from '../texts/texts.js'
import type { Asset } from './assets.js'
import type { Html } from './html.js'
import type { Wording } from './wording.js'

/** The model of a page; `name` identifies the page. */
export interface Page {
  readonly name: string
}

/** The page with one sentence and a link to go on. */
export interface MessagePage extends Page {
  readonly name: 'message'
}

/** A page: its model, and how the default look renders it. */
export interface PageBody<P extends Page = Page> {
  readonly model: P
  /** The heading, also used as the document's title. */
  heading(page: PageModel<P>): string
  /** A sentence for this page that replaces the refusal's usual one. */
  message?(page: PageModel<P>, wording: Wording): string | undefined
  body(page: PageModel<P>, wording: Wording): Html
  /** The address that its main form posts to, below the router's path; `null` or absent if it has no form. */
  readonly action?: string | null
  /** Scripts of this page, besides the one that all pages load. */
  readonly scripts?: readonly Asset[]
  /** Links to other ways to do this step. */
  links?(wording: Wording): readonly PageLink[]
}

/** A link to another page. */
export interface PageLink {
  readonly href: string
  readonly text: string
}

/** The fields that every page has besides its own model. */
export interface PageFrame {
  /** The sentence for a refusal. If nothing was refused, this and the next three fields are `null`. */
  readonly message: string | null
  /** The code of the refusal. */
  readonly code: RefusalCode | null
  /** The time from which a retry may help, and the whole seconds until then; `null` also if that is unknown. */
  readonly retryAt: Date | null
  readonly retryAfterSeconds: number | null
  /**
   * The address that the main form posts to: to verify a code, or to request one if no challenge runs. `null` without a
   * form.
   */
  readonly action: string | null
  /** The application's CSRF token, a hidden field of every form; `null` without `pages.csrf`. */
  readonly csrf: CsrfField | null
  /** The page's language as a BCP 47 tag, its writing direction, and its texts. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly texts: Texts
  readonly appName: string
  readonly logo: Logo | null
  /** The logged-in account, as `users.label` returns it. */
  readonly account: string | null
  /** A link to help, or a sentence; `null` if the application gives none. */
  readonly support: Support | null
  /** True if the application offers more than one factor. */
  readonly offersOtherFactors: boolean
  /** The router's path, without a trailing slash. */
  readonly mountPath: string
  readonly loginPath: string | null
  readonly logoutPath: string | null
  readonly logoutMethod: 'GET' | 'POST'
  /** True if the form is sent as the last digit is typed. */
  readonly submitOnLastDigit: boolean
  /** Links to other ways to do this step. */
  readonly links: readonly PageLink[]
  /** The number of days that a device can be trusted for; `null` if none can be. */
  readonly trustDays: number | null
  /** The addresses of the style sheets and the script. */
  readonly stylesheets: readonly string[]
  readonly script: string
  /** The addresses of further scripts that only this page loads. */
  readonly ownScripts: readonly string[]
}

/** A hidden field of a form. */
export interface CsrfField {
  readonly field: string
  readonly token: string
}

/** A link to help, or a sentence alone. */
export interface Support {
  readonly url: string | null
  readonly label: string
}

/** An image at a path of the application's origin. */
export interface Logo {
  readonly path: string
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
}

/** A page with its frame: the locals of the application's own view. */
export type PageModel<P extends Page = Page> = P & PageFrame

/** The name of a view for `res.render`, or a function that returns the HTML of the whole page. */
export type View<P extends Page> = string | ((page: PageModel<P>) => string | Promise<string>)

/** The application's own views, by name of the page. */
export type ViewsByName = Readonly<Record<string, View<never> | undefined>>
