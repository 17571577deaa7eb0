/** The style sheets and the script of the pages, as strings. */

// The build replaces this module by one that contains the strings, so that bundlers need no files beside it.
import { readFileSync } from 'node:fs'

/** The style sheet. */
export const style: string = contentOf('second-factor.css')

/** The script. */
export const script: string = contentOf('second-factor.js')

/** The additional style sheet of the operators' pages. */
export const operationsStyle: string = contentOf('operations.css')

function contentOf(file: string): string {
  return readFileSync(new URL(`assets/${file}`, import.meta.url), 'utf8')
}
