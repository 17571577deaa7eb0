/** A store that fails when a test says so. */

import { memoryStore, type StateStore } from '../../src/index.js'

/** The fault of a verb: `refuses` rejects, `hangs` never settles, `throws` does so at once. */
export type Fault = 'refuses' | 'throws' | 'hangs' | 'lies'

export interface FaultyStore extends StateStore {
  /** The fault of each verb; absent: it works. */
  faults: { read?: Fault; compareAndSwap?: Fault }
  /** The text of every error it raises. */
  readonly complaint: string
}

/** A memory store whose `read` and `compareAndSwap` can be made to fail. */
export function faultyStore(complaint = 'the disk is on fire'): FaultyStore {
  const store = memoryStore()
  const run = <T>(fault: Fault | undefined, work: () => Promise<T>, lie: T): Promise<T> => {
    if (fault === undefined) return work()
    if (fault === 'throws') throw new Error(complaint)
    if (fault === 'hangs') return new Promise(() => undefined)
    return fault === 'lies' ? Promise.resolve(lie) : Promise.reject(new Error(complaint))
  }
  const faulty: FaultyStore = {
    complaint,
    faults: {},
    read: (subject) => run(faulty.faults.read, () => store.read(subject), null),
    compareAndSwap: (subject, version, next) =>
      run(faulty.faults.compareAndSwap, () => store.compareAndSwap(subject, version, next), false),
    delete: (subject) => store.delete(subject),
  }
  return faulty
}
