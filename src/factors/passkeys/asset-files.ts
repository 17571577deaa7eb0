/** The script of the passkeys' pages, as a string. */

// The build replaces this module with one that contains the string, so bundlers need no file next to it.
import { readFileSync } from 'node:fs'

/** The script. */
export const passkeyScript: string = readFileSync(
  new URL('assets/passkey.js', import.meta.url),
  'utf8',
)
