/** Names for prepared statements. */

import { createHash } from 'node:crypto'

/** A hash, because behind a pooler other applications prepare statements on the same connection. */
export function statementName(text: string): string {
  return `second_factor_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}
