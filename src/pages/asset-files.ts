/** The style sheet and the script of the pages, as strings. */

// The build replaces this module by one that holds the strings, so that bundlers have no file beside it to miss.
import { readFileSync } from 'node:fs'

/** The style sheet. */
export const style: string = contentOf('css')

/** The script. */
export const script: string = contentOf('js')

function contentOf(extension: string): string {
  return readFileSync(new URL(`assets/second-factor.${extension}`, import.meta.url), 'utf8')
}
