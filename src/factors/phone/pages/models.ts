/** The models of the phone's pages. */

import type { Page } from '../../../pages/page.js'
import type { Channel } from '../rules/part.js'
import type { PhoneChallengeView } from '../rules/view.js'

/** Asks for a code, and for the digits of one that was sent. */
export interface ChallengePage extends Page {
  readonly name: 'challenge'
  /** The challenge that this session asked for, while it runs. */
  readonly challenge: PhoneChallengeView | null
  /** Whether that enrols a phone, rather than signs in. */
  readonly verifiesPhone: boolean
  /** Whether its code was sent more than once. */
  readonly sentAgain: boolean
  /** Whether nobody knows if the last message went out. */
  readonly isInDoubt: boolean
  /** Whether a wrong code was typed for it. */
  readonly hasWrongCode: boolean
  /** Whether a code is asked for that signs in, although the session's own change of phone still waits for one. */
  readonly signsInFirst: boolean
  /** Whether the code that runs was asked for in another browser, and works only there. */
  readonly isElsewhere: boolean
  /** The phone that has just taken the place of another, masked; shown once. */
  readonly changedTo: string | null
  /** Whether this session has passed, as recently as the page on the way needs it. */
  readonly passed: boolean
  /** Whole seconds until a message may be asked for. */
  readonly sendInSeconds: number
  /** The channels this person may choose, if there is a choice. */
  readonly channels: readonly Channel[]
  /** Whether this session may give or change its phone, perhaps after one more code. */
  readonly offersPhone: boolean
  /** Where the person goes afterwards. */
  readonly returnTo: string
}

/** Asks for a phone. */
export interface PhonePage extends Page {
  readonly name: 'phone'
  /** The present phone, masked. */
  readonly phone: string | null
  /** Whether that gets a message when another takes its place: it is verified, and something can send one. */
  readonly notifiesPhone: boolean
  /** A phone that could be real, spelt as it may be typed. */
  readonly example: string
  /** The input of before, where that was refused. */
  readonly typed: string
  /** Whether a code is on its way to a phone that was given before. */
  readonly isCodeAwaited: boolean
}
