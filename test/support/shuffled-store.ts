/** A store whose responses arrive out of order, the same way in every run. */

import type { StateStore } from '../../src/index.js'

/** Delays each answer of a store by a few turns of the event loop: 0 to 12, by a fixed sequence. */
export function shuffled(store: StateStore): StateStore {
  let calls = 0
  const later = async <T>(call: () => Promise<T>): Promise<T> => {
    calls += 1
    const turns = (calls * 7) % 13
    for (let turn = 0; turn < turns; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    return call()
  }
  return {
    read: (subject) => later(() => store.read(subject)),
    compareAndSwap: (subject, version, next) =>
      later(() => store.compareAndSwap(subject, version, next)),
    delete: (subject) => later(() => store.delete(subject)),
  }
}
