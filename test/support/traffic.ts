/** Seeded random message requests: a daily profile, and a share without a right code. */

import type { CountBucket } from '../../src/ports/count-store.js'

/** Numbers from 0 to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Draws a number of arrivals from an expected number. */
export function poisson(chance: () => number, expected: number): number {
  let [count, left] = [0, expected]
  // In parts, for the exponential of a large number is 0.
  while (left > 0) {
    const least = Math.exp(-Math.min(left, 20))
    for (let product = chance(); product > least; product *= chance()) count += 1
    left -= 20
  }
  return count
}

/** Messages of one bucket after the other, at most at two in the afternoon. */
export function traffic(
  chance: () => number,
  shape: { readonly perDay: number; readonly unverified: number },
  buckets: number,
): { readonly sent: readonly number[]; readonly verified: readonly number[] } {
  const sent = Array.from({ length: buckets }, (_none, bucket) => {
    const hours = (bucket % 144) / 6
    const profile = 1 + 0.8 * Math.cos(((hours - 14) / 12) * Math.PI)
    return poisson(chance, (shape.perDay / 144) * profile)
  })
  const verified = sent.map((count) => {
    let right = 0
    for (let n = 0; n < count; n += 1) if (chance() >= shape.unverified) right += 1
    return right
  })
  return { sent, verified }
}

/** Counts of buckets from `first` on, as a series. */
export function seriesOf(
  counter: string,
  units: readonly number[],
  first = 0,
): readonly CountBucket[] {
  return units.map((each, index) => ({ counter, bucket: first + index, units: each }))
}
