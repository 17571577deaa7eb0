/** What the pages show: the models of the default pages, and of an application's own views. */

import type { RefusalCode } from '../core/refusal.js'
import type { Channel } from '../core/state.js'
import type { ChallengeView } from '../core/view.js'
import type { PageTexts } from './texts/page-texts.js'

/** Asks for a code, and for the digits of one that was sent. */
export interface ChallengePage {
  readonly name: 'challenge'
  /** The challenge that this session asked for, while it runs. */
  readonly challenge: ChallengeView | null
  /** Whether that confirms a number, rather than a sign-in. */
  readonly confirmsPhone: boolean
  /** Whether its code was sent more than once. */
  readonly sentAgain: boolean
  /** Whether this session has passed, as recently as the page on the way needs it. */
  readonly passed: boolean
  /** Whole seconds until a message may be asked for. */
  readonly sendInSeconds: number
  /** The channels this person may choose, if there is a choice. */
  readonly channels: readonly Channel[]
  /** Whether this session may give or change its number, perhaps after one more code. */
  readonly offersPhone: boolean
  /** Where the person goes afterwards. */
  readonly returnTo: string
}

/** Asks for a number. */
export interface PhonePage {
  readonly name: 'phone'
  /** The number of now, masked. */
  readonly number: string | null
  /** Whether that gets a message when another takes its place: it is confirmed, and something can send one. */
  readonly tellsNumber: boolean
  /** A number that could be real, spelt as it may be typed. */
  readonly example: string
  /** What was typed before, where that was refused. */
  readonly typed: string
}

/** One sentence, and the way on. */
export interface MessagePage {
  readonly name: 'message'
}

/** One of the pages, told apart by `name`. */
export type Page = ChallengePage | PhonePage | MessagePage

/** What every page has beside its own. */
export interface PageFrame {
  /** A sentence for the person, where something was refused. */
  readonly message?: string | undefined
  /** Why it was refused. */
  readonly code?: RefusalCode | undefined
  /** When trying again may help. */
  readonly retryAt?: Date | undefined
  /** BCP 47 tag of the page's language, the direction it is written in, and its texts. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly texts: PageTexts
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

/** The application's own views; a page without one is the default page. */
export interface Views {
  readonly challenge?: View<ChallengePage> | undefined
  readonly phone?: View<PhonePage> | undefined
  readonly message?: View<MessagePage> | undefined
}
