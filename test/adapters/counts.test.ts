/** Every count store keeps the counts contract. */

import { describe, test } from 'vitest'

import { countContract } from '../../src/testing/index.js'
import { allCounts } from '../support/shared-counts.js'

for (const { name, counts } of await allCounts('sf_counts_contract')) {
  describe(`the counts in ${name}`, () => {
    for (const { title, run } of countContract(() => Promise.resolve({ counts }))) test(title, run)
  })
}
