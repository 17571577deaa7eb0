/** The script of the passkeys' pages, as a string. */

// The build replaces this module by one that holds the string, so that bundlers have no file beside it to miss.
import { readFileSync } from 'node:fs'

/** The script. */
export const passkeyScript: string = readFileSync(
  new URL('assets/passkey.js', import.meta.url),
  'utf8',
)
