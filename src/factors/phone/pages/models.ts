/** The models of the phone's pages. */

import type { Page } from '../../../pages/page.js'
import type { Channel } from '../rules/part.js'
import type { PhoneChallengeView } from '../rules/view.js'

/** The page that sends a code and asks for its digits. */
export interface ChallengePage extends Page {
  readonly name: 'challenge'
  /** The challenge that this session requested, while it runs. */
  readonly challenge: PhoneChallengeView | null
  /** True if the challenge enrols a phone, rather than signs in. */
  readonly verifiesPhone: boolean
  /** True if its code was sent more than once. */
  readonly sentAgain: boolean
  /** True if it is not known that the last message went out. */
  readonly isInDoubt: boolean
  /** True if a wrong code was typed for it. */
  readonly hasWrongCode: boolean
  /** True if the page first asks for a code to sign in, while the session's change of phone waits for its own code. */
  readonly signsInFirst: boolean
  /** True if the running code was requested in another browser, and works only there. */
  readonly isElsewhere: boolean
  /** The phone that has just replaced another, masked; shown once. */
  readonly changedTo: string | null
  /** True if this session has passed, as recently as the page it is going to needs. */
  readonly passed: boolean
  /** Whole seconds until a message may be requested. */
  readonly sendInSeconds: number
  /** The channels this person may choose, if there is a choice. */
  readonly channels: readonly Channel[]
  /** True if this session may add or change its phone, perhaps after one more code. */
  readonly offersPhone: boolean
  /** The page that the person goes to afterwards. */
  readonly returnTo: string
}

/** Asks for a phone. */
export interface PhonePage extends Page {
  readonly name: 'phone'
  /** The current phone, masked. */
  readonly phone: string | null
  /** True if the current phone gets a message when it is replaced: it is verified, and a sender can send one. */
  readonly notifiesPhone: boolean
  /** An example phone, written as it may be typed. */
  readonly example: string
  /** The previous input, if it was refused. */
  readonly typed: string
  /** True if a code is on its way to a phone that was given before. */
  readonly isCodeAwaited: boolean
}
