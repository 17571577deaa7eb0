/** Names for statements that a database keeps prepared. */

import { createHash } from 'node:crypto'

/** Tells one text from another, whoever shares the server's connection behind a pooler. */
export function statementName(text: string): string {
  return `second_factor_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}
