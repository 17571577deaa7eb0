/** What every part of the authenticator app works with. */

import type { FactorTools } from '../../ports/factor-tools.js'
import type { TotpRules } from './rules/judge.js'

export interface TotpContext extends FactorTools, TotpRules {
  /** The application's name as apps show it; may be empty. */
  readonly issuer: string
  /** The name of an app that was given none. */
  readonly name: string
}
