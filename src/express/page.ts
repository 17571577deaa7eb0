/** What the pages show: the locals of an application's own views. */

import type { RefusalCode } from '../core/refusal.js'
import type { ChallengeView } from '../core/view.js'

/** What a page shows. An application's own view gets all of it as locals. */
export interface Page {
  /** `challenge`: ask for a code and type it. `phone`: give a number. `message`: one sentence. */
  readonly name: 'challenge' | 'phone' | 'message'
  /** A sentence for the person, where something was refused. */
  readonly message?: string | undefined
  /** Why it was refused. */
  readonly code?: RefusalCode | undefined
  readonly challenge?: ChallengeView | undefined
  /** Whether the running challenge confirms a number, rather than a sign-in. */
  readonly confirmsPhone?: boolean | undefined
  /** Whether this session has passed already. */
  readonly passed?: boolean | undefined
  /** Whether this session may give or change its number now. */
  readonly mayChangePhone?: boolean | undefined
  /** Where the person goes afterwards. */
  readonly returnTo?: string | undefined
}

/** Names of the application's own views; a page without one is the default page. */
export type Views = Readonly<Partial<Record<Page['name'], string>>>

/** A page with where its forms go, as a view sees it. */
export interface PageLocals extends Page {
  readonly appName: string
  /** The router's path, without a trailing slash. */
  readonly mountPath: string
  readonly loginPath: string | null
}
