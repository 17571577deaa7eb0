/** The dependencies of the authenticator app factor. */

import type { FactorTools } from '../../ports/factor-tools.js'
import type { TotpRules } from './rules/judge.js'

export interface TotpContext extends FactorTools, TotpRules {
  /** The application's name in apps; may be empty. */
  readonly issuer: string
  /** The default name of an app. */
  readonly name: string
}
