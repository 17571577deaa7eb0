/** What pages are made of: the model of a page, and what is around every page. */

import type { RefusalCode } from '../core/refusal.js'
import type { Texts } from '../texts/texts.js'
import type { Asset } from './assets.js'
import type { Html } from './html.js'
import type { Wording } from './wording.js'

/** The model of a page; `name` says which page it is. */
export interface Page {
  readonly name: string
}

/** One sentence, and the way on. */
export interface MessagePage extends Page {
  readonly name: 'message'
}

/** A page: its model, and how the default look writes it. */
export interface PageBody<P extends Page = Page> {
  readonly model: P
  /** The heading, which is also the title in the browser. */
  heading(page: PageModel<P>): string
  /** A sentence that fits this page better than the usual one of the refusal. */
  message?(page: PageModel<P>, wording: Wording): string | undefined
  body(page: PageModel<P>, wording: Wording): Html
  /** Where its main form posts to, below the router's path; `null` or absent where it has none. */
  readonly action?: string | null
  /** Scripts of its own, beside the one that all pages load. */
  readonly scripts?: readonly Asset[]
  /** Other ways to do what the page asks for. */
  links?(wording: Wording): readonly PageLink[]
}

/** A link to another page. */
export interface PageLink {
  readonly href: string
  readonly text: string
}

/** What every page has beside its own model. */
export interface PageFrame {
  /** A sentence for the person; `null` where nothing was refused, as are the three below. */
  readonly message: string | null
  /** The code of the refusal. */
  readonly code: RefusalCode | null
  /** When trying again may help, and in how many whole seconds; `null` also where nobody knows. */
  readonly retryAt: Date | null
  readonly retryAfterSeconds: number | null
  /** Where the page's main form posts to: the code, or where none runs, the request for one. `null` where it has none. */
  readonly action: string | null
  /** The application's token against forged requests, a hidden field of every form; `null` without `pages.csrf`. */
  readonly csrf: CsrfField | null
  /** BCP 47 tag of the page's language, the direction it is written in, and its texts. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly texts: Texts
  readonly appName: string
  readonly logo: Logo | null
  /** The account that is logged in, as `users.label` names it. */
  readonly account: string | null
  /** Where people get help. */
  readonly support: Support | null
  /** Whether the application offers more than one factor. */
  readonly offersOtherFactors: boolean
  /** The router's path, without a trailing slash. */
  readonly mountPath: string
  readonly loginPath: string | null
  readonly logoutPath: string | null
  readonly logoutMethod: 'GET' | 'POST'
  /** Whether the last digit sends the form. */
  readonly submitOnLastDigit: boolean
  /** Other ways to do what the page asks for. */
  readonly links: readonly PageLink[]
  /** Days that a device can be trusted for; `null` where none can. */
  readonly trustDays: number | null
  /** Addresses of the style sheets and the script. */
  readonly stylesheets: readonly string[]
  readonly script: string
  /** Addresses of further scripts, of this page alone. */
  readonly ownScripts: readonly string[]
}

/** A hidden field of a form. */
export interface CsrfField {
  readonly field: string
  readonly token: string
}

/** Where people get help: a link with its words, or a sentence alone. */
export interface Support {
  readonly url: string | null
  readonly label: string
}

/** A picture of the application's own, at a path of its origin. */
export interface Logo {
  readonly path: string
  /** Pixels of CSS. */
  readonly width: number
  readonly height: number
}

/** A page with all around it: the locals of an application's own view. */
export type PageModel<P extends Page = Page> = P & PageFrame

/** The name of a view, as `res.render` takes it, or a function that returns the whole page's HTML. */
export type View<P extends Page> = string | ((page: PageModel<P>) => string | Promise<string>)

/** The application's own views, by the names of the pages. */
export type ViewsByName = Readonly<Record<string, View<never> | undefined>>
