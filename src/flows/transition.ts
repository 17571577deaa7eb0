/** Reads a row, decides, swaps; on a lost swap reads again and decides again. */

import { ConfigurationError, StoreUnavailableError } from '../core/errors.js'
import { devicesKeepUntil, devicesKind } from '../core/devices.js'
import { firstVersion } from '../core/random.js'
import { keepUntil } from '../core/retention.js'
import { newSubject, type Decision, type Instant, type SubjectState } from '../core/state.js'
import type { FlowContext } from './context.js'
import { noteInstant } from './clock-skew.js'
import { withDeadline } from './deadline.js'

/**
 * Lost swaps before giving up. Each loss means that another writer succeeded, and the limits allow a
 * row only a handful of writes at a time, so only a broken store reaches this.
 */
const maxTries = 50

/** Work that may wait, on the row just read. Its result is handed to the rule. */
export type Examine = (row: SubjectState, now: Instant) => Promise<unknown>

/**
 * Applies a rule to a user's row. The outcome is returned only after its swap held, so that no
 * caller learns of a decision that another one overtook.
 *
 * @param examine Work that the rule needs on the row just read.
 * @param from The row as it was just written, which saves the first read where nobody has written since.
 * @throws StoreUnavailableError where the store fails, hangs, or never lets a swap hold.
 */
export async function transition<Outcome>(
  context: FlowContext,
  subject: string,
  decide: (row: SubjectState, now: Instant, examined: unknown) => Decision<Outcome>,
  examine?: Examine,
  from: SubjectState | null = null,
): Promise<Decision<Outcome>> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const written = tries === 0 ? from : null
    const stored = written ?? (await readState(context, subject))
    const now = context.clock()
    const state = stored ?? newSubject(subject, firstVersion(), now)
    const decision = decide(state, now, await examine?.(state, now))
    if (decision.state === state) {
      // A rule that changes nothing has to hold on the row as it is, not as it was.
      if (written === null) return decision
      continue
    }
    const version = stored === null ? state.version : state.version + 1
    const next = retained(context, { ...decision.state, version, updatedAt: now })
    const held = await callStore(context, () =>
      context.store.compareAndSwap(subject, stored?.version ?? null, next),
    )
    if (held) return { state: next, outcome: decision.outcome }
  }
  throw new StoreUnavailableError(`the row kept changing through ${maxTries} tries`)
}

/** The row with the instant until which it has to be kept. */
function retained({ factors }: FlowContext, state: SubjectState): SubjectState {
  const until = keepUntil(state, (kind, part) => {
    if (kind === devicesKind) return devicesKeepUntil(part)
    const factor = factors.find((each) => each.kind === kind)
    // The part of a factor that this process does not know stays.
    return factor?.keepUntil?.(part) ?? null
  })
  return { ...state, keepUntil: until }
}

/**
 * The user's row, or `null` where there is none.
 *
 * @throws StoreUnavailableError where the store fails or hangs.
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
 * Calls the store, and turns each of its faults and hangs into one kind of fault.
 *
 * @throws StoreUnavailableError where the store fails or hangs.
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
    // A store that rejects its own set-up names the remedy; a generic fault would hide it.
    if (error instanceof StoreUnavailableError || error instanceof ConfigurationError) throw error
    throw new StoreUnavailableError('the store failed', { cause: error })
  }
}
