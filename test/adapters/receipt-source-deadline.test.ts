/** A receipt source that never responds costs its vendor one report, which the vendor can repeat. */

import { expect, test, vi } from 'vitest'

import { DirectoryUnavailableError } from '../../src/core/errors.js'
import { receiptRoutes } from '../../src/factors/phone/receipt-routes.js'
import { openRig } from '../flows/rig.js'

test('after 10 s it is a fault, and the vendor is asked to retry', async () => {
  vi.useFakeTimers()
  const silent = { name: 'silent', read: () => new Promise<never>(() => undefined) }
  const [route] = receiptRoutes(openRig().phone, [silent])
  const handled = route?.handle({ url: '/receipts/silent', headers: {}, body: new Uint8Array() })
  const failure = expect(handled).rejects.toThrow(DirectoryUnavailableError)
  await vi.advanceTimersByTimeAsync(10_000)
  await failure
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})
