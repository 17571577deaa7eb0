/** Reads a row, applies a rule and writes the result by compare-and-swap, with retries. */

import { ConfigurationError, StoreUnavailableError } from '../core/errors.js'
import { devicesKeepUntil, devicesKind } from '../core/devices.js'
import { firstVersion } from '../core/random.js'
import { keepUntil } from '../core/retention.js'
import { newSubject, type Decision, type Instant, type SubjectState } from '../core/state.js'
import type { FlowContext } from './context.js'
import { noteInstant } from './clock-skew.js'
import { withDeadline } from './deadline.js'

/**
 * Attempts before giving up. A lost swap means that another write succeeded, and the limits allow only a few concurrent
 * writes per row, so only a broken store gets this far.
 */
const maxTries = 50

/** Asynchronous work on the row just read. The rule gets its result. */
export type Examine = (row: SubjectState, now: Instant) => Promise<unknown>

/**
 * Applies a rule to a user's row. Returns the outcome only after its write succeeded, so no caller sees a decision that
 * another write made obsolete.
 *
 * @param examine Asynchronous work on the row just read. The rule gets its result.
 * @param from The row as it was just read or written. It saves the first read unless another write came in between.
 * @throws StoreUnavailableError if the store fails, hangs, or loses every swap.
 */
export async function transition<Outcome>(
  context: FlowContext,
  subject: string,
  decide: (row: SubjectState, now: Instant, examined: unknown) => Decision<Outcome>,
  examine?: Examine,
  from: SubjectState | null = null,
): Promise<Decision<Outcome>> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const known = tries === 0 ? from : null
    const stored = known ?? (await readState(context, subject))
    const now = context.clock()
    const state = stored ?? newSubject(subject, firstVersion(), now)
    const decision = decide(state, now, await examine?.(state, now))
    if (decision.state === state) {
      // `from` may be outdated. If the rule changes nothing, no write would detect that, so read the row.
      if (known === null) return decision
      continue
    }
    const version = stored === null ? state.version : state.version + 1
    const next = retained(context, { ...decision.state, version, updatedAt: now })
    const held = await callStore(context, () =>
      context.store.compareAndSwap(subject, stored?.version ?? null, next),
    )
    if (held) return { state: next, outcome: decision.outcome }
  }
  throw new StoreUnavailableError(`the row changed during each of ${maxTries} attempts to write it`)
}

const dayMilliseconds = 86_400_000

/**
 * Sets `keepUntil` of a row, rounded up to a day: most writes then leave the column as it was, and its index too.
 * PostgreSQL writes a third less for them (HOT).
 */
function retained({ factors }: FlowContext, state: SubjectState): SubjectState {
  const until = keepUntil(state, (kind, part) => {
    if (kind === devicesKind) return devicesKeepUntil(part)
    const factor = factors.find((each) => each.kind === kind)
    // Keep the part of a factor that this process does not know.
    return factor?.keepUntil?.(part) ?? null
  })
  const day = until === null ? null : Math.ceil(until / dayMilliseconds) * dayMilliseconds
  return { ...state, keepUntil: day }
}

/**
 * Reads a user's row; `null` if there is none.
 *
 * @throws StoreUnavailableError if the store fails or hangs.
 */
export async function readState(
  context: FlowContext,
  subject: string,
): Promise<SubjectState | null> {
  const row = await callStore(context, () => context.store.read(subject))
  if (row !== null) noteInstant(context, row.updatedAt)
  return row
}

/**
 * Calls the store with a timeout.
 *
 * @throws StoreUnavailableError if the store fails or hangs.
 */
export async function callStore<T>(context: FlowContext, call: () => Promise<T>): Promise<T> {
  const seconds = context.storeTimeoutSeconds
  try {
    return await withDeadline(
      call(),
      seconds,
      () => new StoreUnavailableError(`the store did not answer within ${seconds} s`),
    )
  } catch (error) {
    // A ConfigurationError of the store says how to fix it, so do not hide it.
    if (error instanceof StoreUnavailableError || error instanceof ConfigurationError) throw error
    throw new StoreUnavailableError('the store failed', { cause: error })
  }
}
