/** Decides if an unproved phone may be proved by signing in with it. */

import type { SubjectState } from '../../../core/state.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import { kind } from './part.js'

/**
 * Returns true for a verified phone. A phone that was only typed, at registration or into a profile, may sign in only
 * if the user holds no other factor. Otherwise anyone with that phone and the password could get around the other
 * factor.
 */
export function mayProveItself(
  { isOtherHeld }: Pick<FactorTools, 'isOtherHeld'>,
  row: SubjectState,
  { verified }: { readonly verified: boolean },
): boolean {
  return verified || !isOtherHeld(row, kind)
}
