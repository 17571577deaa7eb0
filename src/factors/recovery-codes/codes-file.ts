/** Recovery codes as a text file. */

import type { Wording } from '../../pages/wording.js'
import type { SetUpFile } from '../../ports/enrolment.js'

/** The file: what the codes are for, and one of them a line. */
export function codesFile(
  codes: readonly string[],
  appName: string,
  { texts }: Wording,
): SetUpFile {
  const { name, keepSafe } = texts.recoveryCodes
  const title = appName === '' ? name : `${appName}: ${name}`
  return { name: 'recovery-codes.txt', text: `${[title, keepSafe, '', ...codes].join('\n')}\n` }
}
