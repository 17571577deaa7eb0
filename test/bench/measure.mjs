/** Measures candidates alternately, which spreads other load on the machine evenly over them. */

/** True if everything runs only once, for tests: the figures then mean nothing. */
export const tiny = process.env['BENCH_TINY'] === '1'

/** Turns before the first that counts: V8 compiles what has run some thousand times. */
const warmUps = tiny ? 0 : 3

/**
 * Calls each candidate in turn, `rounds` times over after warming up, and answers the median seconds of each. What
 * `prepare` makes is given to `run`, which alone is timed, and to `finish`.
 */
export async function medians(candidates, rounds) {
  const seconds = new Map(Object.keys(candidates).map((name) => [name, []]))
  const turns = tiny ? 1 : rounds
  for (let round = -warmUps; round < turns; round += 1) {
    for (const [name, work] of Object.entries(candidates)) {
      const prepared = await work.prepare?.()
      const started = performance.now()
      await work.run(prepared)
      const taken = (performance.now() - started) / 1000
      await work.finish?.(prepared)
      if (round >= 0) seconds.get(name).push(taken)
    }
  }
  return Object.fromEntries([...seconds].map(([name, taken]) => [name, median(taken)]))
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)]
}

/** Does `count` pieces of work, `atOnce` at a time. */
export async function inLanes(count, atOnce, work) {
  let next = 0
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await work(index)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

export function ratio(value) {
  return value.toFixed(2)
}

export function perSecond(count, seconds) {
  return `${Math.round(count / seconds)}/s`
}

/** Microseconds of one of `count`. */
export function each(count, seconds) {
  return `${Math.round((seconds / count) * 1e6)} µs`
}

/**
 * Has two candidates take turns, and answers how often the first did what the second did once: the median of the pairs,
 * and an interval that holds the true one in about 95 of 100 runs.
 */
export async function pairs(first, second, turns) {
  const ratios = []
  const count = tiny ? 1 : turns
  for (let turn = -1; turn < count; turn += 1) {
    const [one, two] = [first, second].map((measure) => ({ measure, taken: 0 }))
    // They alternate in going first, or one would always find the caches as the other left them.
    for (const each of turn % 2 === 0 ? [one, two] : [two, one]) each.taken = await each.measure()
    if (turn >= 0) ratios.push(two.taken / one.taken)
  }
  ratios.sort((left, right) => left - right)
  const outside = Math.max(0, Math.floor((count - 1.96 * Math.sqrt(count)) / 2))
  const [low, high] = [ratios[outside], ratios[count - 1 - outside]]
  return { ratio: median(ratios), low, high }
}
