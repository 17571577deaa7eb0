/** Renders the field for a code of digits, for every factor. */

import { maxTypedLength } from '../core/fields.js'
import { html, type Html } from './html.js'
import type { PageFrame } from './page.js'

/** The parameters of a code field. */
export interface CodeField {
  /** The number of digits in the code. */
  readonly digits: number
  /** The accepted format, in words. */
  readonly format: string
  /** Ids of the elements that describe the field, in reading order. */
  readonly describedBy: readonly string[]
  /** True if the previous input was refused. */
  readonly isRefused: boolean
  /** True if the field gets the focus. */
  readonly focus: boolean
}

/**
 * The field with its label. It accepts whatever people paste, even a whole message: digits of any script, with anything
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
