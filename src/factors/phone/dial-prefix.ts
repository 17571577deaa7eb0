/** The digits that are dialled in place of `+`, which differ from country to country. */

/** The prefixes of the countries, as patterns of the numbering plans' metadata. */
export interface DialPrefixes {
  /** Of the default country, where there is one. */
  readonly own: string | undefined
  /** Of every country. */
  readonly all: readonly string[]
}

/** A phone that was read, and whether a text message could be meant for it. */
export interface Reading {
  readonly number: string
  readonly isMobile: boolean
}

/**
 * The digits that stand behind an international prefix, calling code first; `null` where the text has none, or
 * could mean two phones. Decides by the default country's prefix. Where that does not fit, `00` is one, as in most
 * of the world, unless the prefix of any country (`0011`, `001`) makes the digits another mobile phone.
 *
 * @param read Reads digits as an international number; `null` where no phone is like that.
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

/** What may stand behind a prefix of this pattern: first as the metadata splits it, then by its other lengths. */
function restsBehind(digits: string, prefix: string): string[] {
  const whole = new RegExp(`^(?:${prefix})$`)
  const usual = new RegExp(`^(?:${prefix})`).exec(digits)?.[0].length ?? 0
  const lengths = Array.from({ length: 8 }, (_none, index) => index + 1)
  return [usual, ...lengths.filter((length) => length !== usual)]
    .filter((length) => whole.test(digits.slice(0, length)))
    .map((length) => digits.slice(length))
    .filter((rest) => /^[1-9]/.test(rest))
}
