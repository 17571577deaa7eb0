/** Whether a phone that nobody has proved may prove itself by a sign-in. */

import type { SubjectState } from '../../../core/state.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import { kind } from './part.js'

/**
 * A verified phone may. One that was only typed, at a registration or into a profile, may where the user holds nothing
 * else: beside an app it would let in whoever knows the password and has that phone.
 */
export function mayProveItself(
  { isOtherHeld }: Pick<FactorTools, 'isOtherHeld'>,
  row: SubjectState,
  { verified }: { readonly verified: boolean },
): boolean {
  return verified || !isOtherHeld(row, kind)
}
