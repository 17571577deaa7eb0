/** Compares another clock with this machine's. */

import { clockSkewSeconds } from '../../core/state.js'
import { finding, type Finding } from './finding.js'

/** Makes the finding about a clock that was read between `began` and `ended` on this machine's clock. */
export function clockFinding(about: string, now: number, began: number, ended: number): Finding {
  if (!Number.isFinite(now)) return finding('warn', `${about} clock`, 'cannot be read')
  const ahead = Math.round(Math.max(began - now, now - ended, 0) / 100) / 10
  const way = now < began ? 'behind' : 'ahead of'
  if (ahead > clockSkewSeconds) {
    return finding(
      'fail',
      `${about} clock`,
      `${ahead} s ${way} this machine's: codes and grants of other machines are refused here; sync all clocks with NTP`,
    )
  }
  return finding('ok', `${about} clock`, `${ahead} s ${way} this machine's`)
}
