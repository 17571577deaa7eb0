/** The field for an app's code. */

import { codeField } from '../../../pages/code-field.js'
import type { Html } from '../../../pages/html.js'
import type { PageFrame } from '../../../pages/page.js'
import { codeLength } from '../rules/codes.js'

/** Refusals that mark the field as invalid. */
const codeRefusals: readonly unknown[] = ['code_incorrect', 'code_used', 'malformed_request']

/** The field with its label. `hint` is the id of the text that describes it; `focus` is true to focus it. */
export function appCodeField(page: PageFrame, hint: string, focus: boolean): Html {
  const { texts, code, message } = page
  return codeField(page, {
    digits: codeLength,
    format: texts.totp.codeFormat.replace('{digits}', String(codeLength)),
    describedBy: message === null ? [hint] : ['alert', hint],
    isRefused: codeRefusals.includes(code),
    focus,
  })
}

/** The message for input that is not a code; `undefined` for the default message. */
export function codeMessage({ texts, code }: PageFrame): string | undefined {
  if (code !== 'malformed_request') return undefined
  return texts.totp.enterCode.replace('{digits}', String(codeLength))
}
