/** Reads digits as people type and paste them: in any script, with separators, or within a message. */

/** A number to dial, such as that of support. A code never follows a plus. */
const dialled = /\+ *\d[\d ]*/g

/** One digit of any script. */
const digit = /\p{Nd}/u

/** Characters that people do not type or paste: control characters, lone surrogates, and right-to-left overrides. */
const foreign = /(?![\s\u0085])\p{Cc}|\p{Cs}|\u202E/u

/** Invisible characters: directional marks, zero-width characters, byte order marks, soft hyphens. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** Separators between digits: every space, dash, bracket, dot and slash. */
const marks =
  /[\s\u0085\u2800\p{Z}\p{Dash}\p{Pd}\p{Ps}\p{Pe}\u02D7\u2043\u2500\u30FC\uFF70.\u00B7\u2022\u2024\u2027\u2219\u22C5\u3002\u30FB\uFE52\uFF0E\uFF61\uFF65/\u2044\u2215\uFF0F]/gu

/** Every plus: full-width, small, and the emoji. */
const pluses = /[\uFE62\uFF0B\u2795]/gu

/**
 * Normalizes typed digits: ASCII digits, `+`, one space for each separator, no invisible characters. Letters stay.
 * Returns `null` if the text contains characters that people do not type.
 *
 * @example
 * cleanTyped('\u202A１２３\u2011４５６\u202C') // '123 456'
 */
export function cleanTyped(text: string): string | null {
  if (foreign.test(text)) return null
  return text
    .replace(invisible, '')
    .replace(/\p{Nd}/gu, (each) => String(digitValue(each.codePointAt(0) ?? 0)))
    .replace(pluses, '+')
    .replace(marks, ' ')
}

/**
 * The digits of the one number of this length in a text: alone, after a prefix such as `G-`, or within a whole
 * message. Returns `null` if there is no such number, or more than one.
 *
 * @example
 * digitsWithin('123-456', 6) // '123456'
 * digitsWithin('123456 is your code. It expires in 5 min.', 6) // '123456'
 */
export function digitsWithin(text: string, length: number): string | null {
  // A spreadsheet or program turned the code into a number, which drops leading zeros.
  if (/^\d+\.0$/.test(text)) return null
  const clean = cleanTyped(text)
  if (clean === null) return null
  const joined = clean.replaceAll(' ', '')
  if (/^\d*$/.test(joined)) return joined.length === length ? joined : null
  const message = withoutLastLine(clean).replace(dialled, '+')
  // Look for a code in groups only if the message has none in one piece.
  const whole = runs(message, /\d+/g, length)
  const [code, another] = whole.length > 0 ? whole : runs(message, /\d(?: ?\d)*/g, length)
  return code !== undefined && another === undefined ? code : null
}

/** The runs of exactly `length` digits, with spaces removed. */
function runs(message: string, run: RegExp, length: number): string[] {
  return (message.match(run) ?? [])
    .map((each) => each.replaceAll(' ', ''))
    .filter((each) => each.length === length)
}

/** Drops the last line of a message, which repeats the code for autofill. */
function withoutLastLine(message: string): string {
  const at = message.search(/@[^@#]* #\d+ *$/)
  const before = at < 0 ? '' : message.slice(0, at)
  return digit.test(before) ? before : message
}

/** Works in any script: Unicode puts a script's ten digits in order, and other digits before them in full tens. */
function digitValue(point: number): number {
  let first = point
  while (digit.test(String.fromCodePoint(first - 1))) first -= 1
  return (point - first) % 10
}
