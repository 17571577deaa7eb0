/** The smallest factor with single-use evidence: the right count is the number of times the user has passed with it. */

import { refusal } from '../core/refusal.js'
import type { FactorPart } from '../core/state.js'
import { messagePage } from '../pages/message-page.js'
import type { Factor } from '../ports/factor.js'

/** The factor's part of a user's row. */
interface CountingPart extends FactorPart {
  readonly passes: number
}

/** The factor's kind, the key of its part. */
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
