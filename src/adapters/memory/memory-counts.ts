/** Keeps counts in this process's memory, for tests and demonstrations. */

import type { Addition, Bucket, CountStore, Take } from '../../ports/count-store.js'

/** The contents of a bucket. */
interface Held {
  readonly units: number
  /** Its units, plus those near its edge that the neighbouring bucket counts. */
  readonly held: number
  readonly keepUntil: Bucket
}

/**
 * Makes counts in memory. They are exact within one process and not shared: with several processes, each would have its
 * own budgets.
 *
 * @example
 * const secondFactor = createSecondFactor({ …, limits: { counts: memoryCounts() } })
 */
export function memoryCounts(): CountStore {
  if (process.env['NODE_ENV'] === 'production') {
    process.emitWarning(
      'memoryCounts loses its counts in a restart and is not shared between processes; use sequelizeCounts or redisCounts',
      { code: 'SECOND_FACTOR_MEMORY_COUNTS' },
    )
  }
  const counters = new Map<string, Map<Bucket, Held>>()
  const at = ({ counter, bucket }: Pick<Addition, 'counter' | 'bucket'>) =>
    counters.get(counter)?.get(bucket) ?? { units: 0, held: 0 }
  const put = (take: Omit<Take, 'room'>, sign: 1 | -1) => {
    const { counter, bucket, keepUntil, isHold } = take
    const { units, held } = at(take)
    const buckets = counters.get(counter) ?? new Map<Bucket, Held>()
    const change = sign * take.units
    const next = {
      units: isHold ? units : Math.max(0, units + change),
      held: Math.max(0, held + change),
      keepUntil,
    }
    counters.set(counter, buckets.set(bucket, next))
  }
  return {
    sums(names, since) {
      const sum = (counter: string, counts: (bucket: Bucket) => boolean) =>
        [...(counters.get(counter) ?? [])]
          .filter(([bucket]) => counts(bucket))
          .reduce((total, [, { units }]) => total + units, 0)
      const sums = names.map((counter) => {
        const from = (first: Bucket) => sum(counter, (bucket) => bucket >= first)
        const { hour, day, week } = since
        const now = at({ counter, bucket: since.now }).held
        const beside = since.beside === null ? 0 : at({ counter, bucket: since.beside }).held
        return [
          counter,
          { now, beside, hour: from(hour), day: from(day), week: from(week) },
        ] as const
      })
      return Promise.resolve(new Map(sums))
    },
    take(takes) {
      const full = takes
        .filter((take) => take.room !== null && at(take).held + take.units > take.room)
        .map(({ counter }) => counter)
      if (full.length === 0) for (const take of takes) put(take, 1)
      return Promise.resolve(full)
    },
    release(takes) {
      for (const take of takes) put(take, -1)
      return Promise.resolve()
    },
    add(additions) {
      for (const addition of additions) put({ ...addition, isHold: false }, 1)
      return Promise.resolve()
    },
    series(names, from) {
      const found = names.flatMap((counter) =>
        [...(counters.get(counter) ?? [])]
          .filter(([bucket, { units }]) => bucket >= from && units > 0)
          .map(([bucket, { units }]) => ({ counter, bucket, units })),
      )
      return Promise.resolve(found)
    },
    forget(names) {
      for (const counter of names) counters.delete(counter)
      return Promise.resolve()
    },
    prune(now) {
      let removed = 0
      for (const [counter, buckets] of counters) {
        for (const [bucket, { keepUntil }] of buckets) {
          if (keepUntil <= now && buckets.delete(bucket)) removed += 1
        }
        if (buckets.size === 0) counters.delete(counter)
      }
      return Promise.resolve(removed)
    },
  }
}
