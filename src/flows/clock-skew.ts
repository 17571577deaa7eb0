/** Tells operators that the clocks of two processes differ by more than anything here bears. */

import { hasHappened, type Instant } from '../core/state.js'
import { emit, type FlowContext } from './context.js'

/** Each process tells so at most this often. */
const quietMilliseconds = 60_000

const toldAt = new WeakMap<object, Instant>()

/** Notes an instant that another process has written; one that is ahead of this clock is told of. */
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
