/** International prefixes: the digits that are dialled in place of `+`, which differ by country. */

/** International prefixes, as patterns from the numbering plans' metadata. */
export interface DialPrefixes {
  /** The prefix of the default country, if there is one. */
  readonly own: string | undefined
  /** The prefixes of all countries. */
  readonly all: readonly string[]
}

/** A phone read from digits; `isMobile` is true if it could receive text messages. */
export interface Reading {
  readonly number: string
  readonly isMobile: boolean
}

/**
 * Returns the digits after an international prefix, calling code first; `null` if there is no prefix, or the digits
 * could mean two phones. The default country's prefix decides. If it does not match, `00` counts as a prefix, because
 * most of the world uses it, unless the prefix of some country (`0011`, `001`) makes the digits a different mobile
 * phone.
 *
 * @param read Reads digits as an international number; `null` if no such phone exists.
 * @example
 * behindPrefix('00237671234567', { own: undefined, all: ['00', '001'] }, read) // '237671234567'
 */
export function behindPrefix(
  digits: string,
  { own, all }: DialPrefixes,
  read: (international: string) => Reading | null,
): string | null {
  const ownRests = own === undefined ? [] : restsBehind(digits, own)
  if (ownRests.length > 0)
    return ownRests.find((rest) => read(rest) !== null) ?? ownRests[0] ?? null
  const rest = digits.startsWith('00') ? digits.slice(2) : ''
  const meant = read(rest)
  if (meant === null) return null
  const others = new Set(all.flatMap((prefix) => restsBehind(digits, prefix)))
  const isAmbiguous = [...others].some((other) => {
    const reading = read(other)
    return reading !== null && reading.isMobile && reading.number !== meant.number
  })
  return isAmbiguous ? null : rest
}

/**
 * The digits that may follow a prefix of this pattern: first with the prefix length that the metadata gives, then
 * with the others.
 */
function restsBehind(digits: string, prefix: string): string[] {
  const whole = new RegExp(`^(?:${prefix})$`)
  const usual = new RegExp(`^(?:${prefix})`).exec(digits)?.[0].length ?? 0
  const lengths = Array.from({ length: 8 }, (_none, index) => index + 1)
  return [usual, ...lengths.filter((length) => length !== usual)]
    .filter((length) => whole.test(digits.slice(0, length)))
    .map((length) => digits.slice(length))
    .filter((rest) => /^[1-9]/.test(rest))
}
