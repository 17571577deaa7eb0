/** The countries that have phones. */

import { isCountry } from './phone-number.js'

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')

/** Their ISO 3166 codes: every pair of letters that is one. */
export const countryCodes: readonly string[] = letters
  .flatMap((first) => letters.map((second) => first + second))
  .filter(isCountry)
