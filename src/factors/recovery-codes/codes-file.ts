/** The text file of recovery codes. */

import type { Wording } from '../../pages/wording.js'
import type { SetUpFile } from '../../ports/enrolment.js'

/** Makes the file: a title, an advice, and one code per line. */
export function codesFile(
  codes: readonly string[],
  appName: string,
  { texts }: Wording,
): SetUpFile {
  const { name, keepSafe } = texts.recoveryCodes
  const title = appName === '' ? name : `${appName}: ${name}`
  return { name: 'recovery-codes.txt', text: `${[title, keepSafe, '', ...codes].join('\n')}\n` }
}
