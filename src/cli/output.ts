/** Formats reports for the terminal. */

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * Replaces control characters. People choose the names of factors, and could put in sequences that move the cursor or hide
 * a line.
 */
export function printable(text: string): string {
  return text.replace(unprintable, '\uFFFD')
}

/** Formats JSON, and escapes the control characters that `JSON.stringify` leaves as they are. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(unprintable, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** Formats rows of two columns. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`.trimEnd())
}

/** Formats rows of any number of columns; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_heading, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Formats an instant for people, in UTC; returns `without` if there is none. */
export function when(date: Date | null | undefined, without: string): string {
  if (date === null || date === undefined) return without
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
