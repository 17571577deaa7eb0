/** Compares this machine's clock with another. */

import { clockSkewSeconds } from '../../core/state.js'
import { finding, type Finding } from './finding.js'

/** The finding about a clock that was read between two instants of this machine. */
export function clockFinding(about: string, now: number, began: number, ended: number): Finding {
  if (!Number.isFinite(now)) return finding('warn', `${about} clock`, 'cannot be read')
  const ahead = Math.round(Math.max(began - now, now - ended, 0) / 100) / 10
  const way = now < began ? 'behind' : 'ahead of'
  if (ahead > clockSkewSeconds) {
    return finding(
      'fail',
      `${about} clock`,
      `${ahead} s ${way} this machine's: codes and grants of others are refused here; keep all in step, as by NTP`,
    )
  }
  return finding('ok', `${about} clock`, `${ahead} s ${way} this machine's`)
}
