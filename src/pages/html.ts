/** Makes HTML with every value escaped. */

import escapeHtml from 'escape-html'

/** A piece of finished HTML. Only this module can make one. */
export interface Html {
  readonly [markup]: string
}

/** A value in a template: strings and numbers are escaped, HTML is kept as it is, `null` is left out. */
export type Piece = string | number | Html | null | readonly Html[]

const markup = Symbol('html')

/**
 * The template tag.
 *
 * @example
 * html`<label for="word">${texts.word}</label>`
 */
export function html(parts: readonly string[], ...values: Piece[]): Html {
  return { [markup]: parts.map((part, index) => part + markupOf(values[index] ?? null)).join('') }
}

/**
 * Replaces each `{name}` in the text by its value; a name without a value stays as it is written.
 *
 * @example
 * fill('Sent to {name}.', { name: html`<b>${name}</b>` })
 */
export function fill(text: string, values: Readonly<Record<string, Piece>>): Html {
  const [first = '', ...rest] = text.split('{')
  const filled = rest.map((part) => {
    const end = part.indexOf('}')
    const name = part.slice(0, Math.max(0, end))
    return Object.hasOwn(values, name)
      ? markupOf(values[name] ?? null) + escapeHtml(part.slice(end + 1))
      : escapeHtml(`{${part}`)
  })
  return { [markup]: escapeHtml(first) + filled.join('') }
}

/** The string of a piece of HTML. */
export function render(piece: Html): string {
  return piece[markup]
}

function markupOf(value: Piece): string {
  if (value === null) return ''
  if (typeof value !== 'object') return escapeHtml(String(value))
  return markup in value ? value[markup] : value.map(render).join('')
}
