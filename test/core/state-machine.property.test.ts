/**
 * Drives all the rules at once, through the flows, the phone and the memory store, by random sequences of what users,
 * clocks, vendors and operators do. Each step is checked against the model and the promises.
 */

import fc from 'fast-check'
import { describe, test } from 'vitest'

import type { PolicyOptions } from '../../src/core/policy.js'
import { act, deeds, smallLimits } from './state-machine/deeds.js'
import { openWorld } from './state-machine/world.js'

/** Seconds of work for one processor, so that a busy machine needs more than the usual time. */
const timeout = 180_000

describe('in any order of what users, clocks, vendors and operators do, the promises hold', () => {
  test('with the default limits', { timeout }, async () => {
    // Longer codes than the default, so that no digits in an answer look like one by chance.
    await holds(fc.constant({ codeLength: 8 }), 150)
  })

  test('with limits of all sizes', { timeout }, async () => {
    await holds(smallLimits, 400)
  })
})

async function holds(limits: fc.Arbitrary<PolicyOptions>, numRuns: number): Promise<void> {
  const lives = fc.array(deeds, { maxLength: 60, size: 'max' })
  await fc.assert(
    fc.asyncProperty(limits, lives, async (options, life) => {
      const world = openWorld(options)
      for (const deed of life) await act(world, deed)
      while (world.onTheirWay.length > 0) await act(world, { do: 'deliver', outcome: 'sent' })
    }),
    { numRuns },
  )
}
