/** Reads an error's code if it is safe to log. */

import { fields } from './fields.js'

/** The code if it is a name such as `ECONNRESET`, else `null`, because an injected client may put a secret there. */
export function errorName(error: unknown): string | null {
  const { code } = fields(error)
  return typeof code === 'string' && /^[A-Z][A-Z_]{2,40}$/.test(code) ? code : null
}
