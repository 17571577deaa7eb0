/** Endpoints for vendors that report deliveries. */

import { ConfigurationError, DirectoryUnavailableError } from '../../core/errors.js'
import type { Webhook } from '../../ports/open-route.js'
import type { PhoneContext } from './context.js'
import type { ReceiptSource } from './ports/receipt-source.js'
import { recordDelivery } from './record-delivery.js'

/** A vendor's report has a few hundred bytes; even with the text of the message it never exceeds this. */
const maxBytes = 65_536

/** Timeout of a source, which may be the application's own. */
const readTimeoutSeconds = 10

/** One endpoint for each source, at its name. */
export function receiptRoutes(
  context: PhoneContext<never>,
  sources: readonly ReceiptSource[],
): readonly Webhook[] {
  return sources.map((source) => ({
    ...{ path: `/${source.name}`, maxBytes },
    async handle(request) {
      const reading = await context.withDeadline(source.read(request), readTimeoutSeconds, () => {
        return new DirectoryUnavailableError(
          `the source ${source.name} of receipts did not answer within ${readTimeoutSeconds} s`,
        )
      })
      if (reading.status === 'forged') return 'forged'
      for (const report of reading.reports) await recordDelivery(context, source.name, report)
      return 'accepted'
    },
  }))
}

/**
 * The sources, if each can be an endpoint.
 *
 * @throws ConfigurationError where one has no `read`, or a name that is no path or another's too.
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
