/** How reports are written: plain lines, or JSON. */

/**
 * A text that a terminal shows and does not obey: names of factors are typed by people, and could hold sequences that
 * move the cursor or hide a line.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}

/** Lines of two columns. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`.trimEnd())
}

/** Lines of any number of columns, the first of which is a heading. */
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

/** An instant for people, in UTC. */
export function when(date: Date | null | undefined, without: string): string {
  if (date === null || date === undefined) return without
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
