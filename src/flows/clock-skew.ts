/** Reports clock skew between two processes that exceeds the tolerance. */

import { hasHappened, type Instant } from '../core/state.js'
import { emit, type FlowContext } from './context.js'

/** Minimum time between two events of one process. */
const quietMilliseconds = 60_000

const toldAt = new WeakMap<object, Instant>()

/** Emits `clock_skew` if an instant from a row is too far ahead of this process's clock. */
export function noteInstant(
  context: Pick<FlowContext, 'events' | 'clock'>,
  instant: Instant,
): void {
  const now = context.clock()
  if (hasHappened(instant, now)) return
  const last = toldAt.get(context)
  if (last !== undefined && Math.abs(now - last) < quietMilliseconds) return
  toldAt.set(context, now)
  emit(context, { type: 'clock_skew', secondsAhead: Math.round((instant - now) / 1000) })
}
