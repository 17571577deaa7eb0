/** The memory store keeps the store contract. */

import { describe, test } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { storeContract } from '../../src/testing/index.js'

describe('the memory store', () => {
  for (const { title, run } of storeContract(() => Promise.resolve({ store: memoryStore() }))) {
    test(title, run)
  }
})
