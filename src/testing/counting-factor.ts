/** The smallest factor whose evidence is used up: the right count is how often the user has passed by it. */

import { refusal } from '../core/refusal.js'
import type { FactorPart } from '../core/state.js'
import { messagePage } from '../pages/message-page.js'
import type { Factor } from '../ports/factor.js'

/** What it keeps of a user. */
interface CountingPart extends FactorPart {
  readonly passes: number
}

/** The kind under which the row keeps its part. */
export const countingKind = 'counting'

/** Makes the factor. */
export function countingFactor(): Factor<never> {
  return {
    kind: countingKind,
    method: countingKind,
    amr: ['mfa'],
    isGuessable: true,
    isPhishingResistant: false,
    isAvailable: () => Promise.resolve(true),
    readEvidence: () => refusal('malformed_request'),
    judge(row, _now, { evidence }) {
      const { passes } = (row.factors[countingKind] ?? { passes: 0 }) as CountingPart
      const part: CountingPart = { passes }
      const passed: CountingPart = { passes: passes + 1 }
      if (evidence === passes) return { status: 'right', part: passed }
      return typeof evidence === 'number' && evidence < passes
        ? refusal('code_expired')
        : { status: 'wrong', part, refusal: refusal('code_incorrect') }
    },
    keepUntil: () => 0,
    pageNames: [],
    page: () => Promise.resolve({ page: messagePage, refusal: null }),
  }
}
