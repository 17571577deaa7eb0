/** The extra characters in pasted digits: marks, spaces, and digits of other scripts. */

import fc from 'fast-check'

/** Every character of this Unicode that a pattern matches. */
export function charactersOf(pattern: RegExp): string[] {
  const found: string[] = []
  for (let point = 0; point <= 0x10ffff; point += 1) {
    const character = String.fromCodePoint(point)
    if (pattern.test(character)) found.push(character)
  }
  return found
}

const digits = charactersOf(/\p{Nd}/u)
const spaces = charactersOf(/[\s\p{Z}]/u)
// All but the one that shows a text backwards.
const invisible = charactersOf(/\p{Cf}/u).filter((each) => each !== '\u202E')
const punctuation = [...charactersOf(/[\p{Pd}\p{Ps}\p{Pe}]/u), '.', '．', '・', '\u2212', '/']

const mark = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  ...[spaces, invisible, punctuation].map((all) => ({
    weight: 1,
    arbitrary: fc.constantFrom(...all),
  })),
)

/** The digits, each in any script and with any marks around it. */
export function pastedDigits(ascii: string): fc.Arbitrary<string> {
  const parts = Array.from(ascii).flatMap((each) => [
    mark,
    fc.constantFrom(...digits.filter((_digit, index) => index % 10 === Number(each))),
  ])
  return fc.tuple(...parts, mark).map((texts) => texts.join(''))
}
