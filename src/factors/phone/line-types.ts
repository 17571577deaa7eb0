/** Line types: what a phone is for, and so who sets the price of messages to it. */

import { ConfigurationError } from '../../core/errors.js'

const lineTypes = {
  PREMIUM_RATE: true,
  SHARED_COST: true,
  TOLL_FREE: true,
  PAGER: true,
  VOICEMAIL: true,
  VOIP: true,
  PERSONAL_NUMBER: true,
  UAN: true,
  FIXED_LINE: true,
  FIXED_LINE_OR_MOBILE: true,
  MOBILE: true,
  SATELLITE: true,
  INTERNATIONAL_NETWORK: true,
}

/** A line type from the numbering plan's metadata, or one of two for phones that belong to no country. */
export type LineType = keyof typeof lineTypes

/** Line types whose owners set the price of a call or a message. */
export const costlyLineTypes: readonly LineType[] = [
  ...(['PREMIUM_RATE', 'SHARED_COST', 'TOLL_FREE', 'PAGER', 'VOICEMAIL'] as const),
  ...(['PERSONAL_NUMBER', 'SATELLITE', 'INTERNATIONAL_NETWORK'] as const),
]

/** Calling codes that belong to no country. Toll-free, shared-cost and premium services have types of their own. */
export const networks: Readonly<Record<string, LineType>> = {
  '+870': 'SATELLITE',
  '+878': 'INTERNATIONAL_NETWORK',
  '+881': 'SATELLITE',
  '+882': 'INTERNATIONAL_NETWORK',
  '+883': 'INTERNATIONAL_NETWORK',
  '+888': 'INTERNATIONAL_NETWORK',
}

/**
 * Checks the names of line types, because a misspelt one would silently let more phones through.
 *
 * @throws ConfigurationError for a name that is not a line type.
 */
export function checkLineTypes(names: readonly string[]): void {
  const stray = names.find((name) => !Object.hasOwn(lineTypes, name))
  if (stray === undefined) return
  throw new ConfigurationError(
    `phone.refusedLineTypes holds ${JSON.stringify(stray)}; the line types are ` +
      Object.keys(lineTypes).join(', '),
    'phone.refusedLineTypes',
  )
}
