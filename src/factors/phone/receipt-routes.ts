/** Endpoints for vendors that report deliveries. */

import { ConfigurationError, DirectoryUnavailableError } from '../../core/errors.js'
import type { Webhook } from '../../ports/open-route.js'
import type { PhoneContext } from './context.js'
import type { ReceiptSource } from './ports/receipt-source.js'
import { recordDelivery } from './record-delivery.js'

/** A report is a few hundred bytes, and stays within this even with the text of the message. */
const maxBytes = 65_536

/** Timeout for a source, because it may be the application's own. */
const readTimeoutSeconds = 10

/** One endpoint for each source, at a path named after it. */
export function receiptRoutes(
  context: PhoneContext<never>,
  sources: readonly ReceiptSource[],
): readonly Webhook[] {
  return sources.map((source) => ({
    ...{ path: `/${source.name}`, maxBytes },
    async handle(request) {
      const reading = await context.withDeadline(source.read(request), readTimeoutSeconds, () => {
        return new DirectoryUnavailableError(
          `the receipt source ${source.name} did not answer within ${readTimeoutSeconds} s`,
        )
      })
      if (reading.status === 'forged') return 'forged'
      for (const report of reading.reports) await recordDelivery(context, source.name, report)
      return 'accepted'
    },
  }))
}

/**
 * Returns the sources if each can be an endpoint.
 *
 * @throws ConfigurationError if one lacks `read`, or its name cannot be a path or is taken.
 */
export function checkedSources(sources: readonly ReceiptSource[] = []): readonly ReceiptSource[] {
  const list: readonly (Partial<ReceiptSource> | null)[] = Array.isArray(sources) ? sources : [null]
  const names = list.map((each) => (typeof each?.read === 'function' ? each.name : undefined))
  const usable = names.every((name) => typeof name === 'string' && /^[a-z\d-]{1,32}$/.test(name))
  if (usable && new Set(names).size === names.length) return sources
  throw new ConfigurationError(
    'receipts must be a list of sources such as twilioReceipts({ … }), each with a name of its own',
    'receipts',
  )
}
