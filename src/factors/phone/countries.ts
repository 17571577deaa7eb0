/** The countries that have phones. */

import { isCountry } from './phone-number.js'

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')

/** The ISO 3166 codes of these countries. */
export const countryCodes: readonly string[] = letters
  .flatMap((first) => letters.map((second) => first + second))
  .filter(isCountry)
