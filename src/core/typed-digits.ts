/** Reads digits as people type and paste them: in any script, with marks between them, or within a message. */

/** A number to dial, such as that of support: no code is written behind a plus. */
const dialled = /\+ *\d[\d ]*/g

/** One digit of any script. */
const digit = /\p{Nd}/u

/** Neither typed nor pasted by people: controls that are no white space, half characters, and text shown backwards. */
const foreign = /(?![\s\u0085])\p{Cc}|\p{Cs}|\u202E/u

/** Nothing of these can be seen: directional marks, zero-width characters, byte order marks, soft hyphens. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** Marks that people write between digits: every space, dash, bracket, dot and slash. */
const marks =
  /[\s\u0085\u2800\p{Z}\p{Dash}\p{Pd}\p{Ps}\p{Pe}\u02D7\u2043\u2500\u30FC\uFF70.\u00B7\u2022\u2024\u2027\u2219\u22C5\u3002\u30FB\uFE52\uFF0E\uFF61\uFF65/\u2044\u2215\uFF0F]/gu

/** Every plus: full-width, small, and the emoji. */
const pluses = /[\uFE62\uFF0B\u2795]/gu

/**
 * A text for digits in one spelling: ASCII digits, `+`, one space for each mark between them, and nothing that
 * cannot be seen. Letters stay. `null` where it holds what nobody types.
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
 * The digits of a text that holds exactly one number of this length: alone, behind a prefix such as `G-`, or in
 * the message it came in. `null` for every other text.
 *
 * @example
 * digitsWithin('123-456', 6) // '123456'
 * digitsWithin('123456 is your code. It expires in 5 min.', 6) // '123456'
 */
export function digitsWithin(text: string, length: number): string | null {
  // A program wrote a number, which has lost its leading zeros.
  if (/^\d+\.0$/.test(text)) return null
  const clean = cleanTyped(text)
  if (clean === null) return null
  const joined = clean.replaceAll(' ', '')
  if (/^\d*$/.test(joined)) return joined.length === length ? joined : null
  const message = withoutLastLine(clean).replace(dialled, '+')
  // A code in groups counts only where the message holds none in one piece.
  const whole = runs(message, /\d+/g, length)
  const [code, another] = whole.length > 0 ? whole : runs(message, /\d(?: ?\d)*/g, length)
  return code !== undefined && another === undefined ? code : null
}

/** The runs of exactly `length` digits, without the spaces in them. */
function runs(message: string, run: RegExp, length: number): string[] {
  return (message.match(run) ?? [])
    .map((each) => each.replaceAll(' ', ''))
    .filter((each) => each.length === length)
}

/** A message without the line by which browsers fill its code in, which says the code a second time. */
function withoutLastLine(message: string): string {
  const at = message.search(/@[^@#]* #\d+ *$/)
  const before = at < 0 ? '' : message.slice(0, at)
  return digit.test(before) ? before : message
}

/** Unicode keeps the ten digits of a script side by side, and full sets of ten behind each other. */
function digitValue(point: number): number {
  let first = point
  while (digit.test(String.fromCodePoint(first - 1))) first -= 1
  return (point - first) % 10
}
