/** What pages are made of: the model of a page, and what is around every page. */

import type { RefusalCode } from '../core/refusal.js'
import type { Texts } from '../texts/texts.js'
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
  body(page: PageModel<P>, wording: Wording): Html
}

/** What every page has beside its own model. */
export interface PageFrame {
  /** A sentence for the person, where something was refused. */
  readonly message?: string | undefined
  /** The code of the refusal. */
  readonly code?: RefusalCode | undefined
  /** When trying again may help. */
  readonly retryAt?: Date | undefined
  /** BCP 47 tag of the page's language, the direction it is written in, and its texts. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly texts: Texts
  readonly appName: string
  readonly logo: Logo | null
  /** The router's path, without a trailing slash. */
  readonly mountPath: string
  readonly loginPath: string | null
  readonly logoutPath: string | null
  /** Whether the last digit sends the form. */
  readonly submitOnLastDigit: boolean
  /** Addresses of the style sheets and the script. */
  readonly stylesheets: readonly string[]
  readonly script: string
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
