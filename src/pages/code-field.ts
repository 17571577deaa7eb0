/** The field for a code of digits, whichever factor it is of. */

import { maxTypedLength } from '../core/fields.js'
import { html, type Html } from './html.js'
import type { PageFrame } from './page.js'

/** What a field for a code takes, and what is said around it. */
export interface CodeField {
  /** Digits of the code. */
  readonly digits: number
  /** What the field takes, in words. */
  readonly format: string
  /** Ids of the texts that explain the field, in the order in which they are read out. */
  readonly describedBy: readonly string[]
  /** Whether what was typed before was refused. */
  readonly isRefused: boolean
  /** Whether the cursor begins in it. */
  readonly focus: boolean
}

/**
 * The field with its label. It takes what people paste, a whole message too: the digits of every script, whatever stands
 * between them.
 */
export function codeField({ texts }: PageFrame, field: CodeField): Html {
  const { digits, format, describedBy, isRefused, focus } = field
  return html`
    <label for="code">${texts.code}</label>
    <input
      id="code"
      name="code"
      type="text"
      dir="ltr"
      inputmode="numeric"
      autocomplete="one-time-code"
      pattern="\\P{Nd}*(\\p{Nd}\\P{Nd}*){${digits},}"
      title="${format}"
      maxlength="${maxTypedLength}"
      data-digits="${digits}"
      aria-describedby="${describedBy.join(' ')}"
      ${isRefused ? html`aria-invalid="true"` : null}
      required
      data-entry
      ${focus ? html`autofocus` : null}
    />
  `
}
