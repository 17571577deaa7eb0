/** Makes HTML in which every value is escaped. */

import escapeHtml from 'escape-html'

/** A piece of finished HTML. Only the `html` tag makes one. */
export interface Html {
  readonly [markup]: string
}

const markup = Symbol('html')

/** Tags a template: text and numbers are escaped, pieces of HTML are taken as they are. */
export function html(parts: readonly string[], ...values: (string | number | Html)[]): Html {
  const text = parts.map((part, index) => {
    const value = values[index]
    return (
      part +
      (value === undefined
        ? ''
        : typeof value === 'object'
          ? value[markup]
          : escapeHtml(String(value)))
    )
  })
  return { [markup]: text.join('') }
}

/** The text of a piece of HTML. */
export function render(piece: Html): string {
  return piece[markup]
}
