/** Line types: kinds of phones by what they are for, and by who decides what they cost. */

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

/** A line type as the metadata of numbering plans names it, and two for phones that belong to no country. */
export type LineType = keyof typeof lineTypes

/** What a call or a message to these costs is decided by whoever owns them. */
export const costlyLineTypes: readonly LineType[] = [
  ...(['PREMIUM_RATE', 'SHARED_COST', 'TOLL_FREE', 'PAGER', 'VOICEMAIL'] as const),
  ...(['PERSONAL_NUMBER', 'SATELLITE', 'INTERNATIONAL_NETWORK'] as const),
]

/** Calling codes of no country, for services that are neither free nor billed at a shared cost or a premium. */
export const networks: Readonly<Record<string, LineType>> = {
  '+870': 'SATELLITE',
  '+878': 'INTERNATIONAL_NETWORK',
  '+881': 'SATELLITE',
  '+882': 'INTERNATIONAL_NETWORK',
  '+883': 'INTERNATIONAL_NETWORK',
  '+888': 'INTERNATIONAL_NETWORK',
}

/**
 * Checks names of line types: a misspelt one must not quietly let more phones through.
 *
 * @throws ConfigurationError for a name that is no line type.
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
