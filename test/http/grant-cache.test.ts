/** A cached grant ends with its revocation in this process, even if the store's response is lost. */

import { afterEach, expect, test } from 'vitest'

import { StoreUnavailableError } from '../../src/core/errors.js'
import { memoryStore, type StateStore } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, passedBrowser } from '../support/in-or-out.js'

let app: TestApp
afterEach(() => app.close())

test.each(['revoke', 'forget'] as const)(
  '%s whose write succeeded but whose response was lost leaves nobody in',
  async (call) => {
    const store = memoryStore()
    let beforeWrite: (() => Promise<unknown>) | null = null
    const losing = async <T>(write: () => Promise<T>): Promise<T> => {
      if (beforeWrite === null) return write()
      // Another request of the same session reads the grant, and this process keeps it, before it ends.
      await beforeWrite()
      await write()
      throw new StoreUnavailableError('the answer was lost')
    }
    const lossy: StateStore = {
      read: (subject) => store.read(subject),
      compareAndSwap: (...swap) => losing(() => store.compareAndSwap(...swap)),
      delete: (subject) => losing(() => store.delete(subject)),
    }
    app = await startTestApp({ secondFactor: { store: lossy, grantCacheSeconds: 60 } })
    const alice = await passedBrowser(app, 'alice')
    expect(await isIn(alice)).toBe(true)
    const reads: boolean[] = []
    beforeWrite = async () => reads.push(await isIn(alice))
    const [user] = app.users
    await expect(app.secondFactor[call](user as Express.User)).rejects.toThrow('was lost')
    beforeWrite = null
    expect(reads).toEqual([true])
    expect(await isIn(alice)).toBe(false)
  },
)
