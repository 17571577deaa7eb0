/** The built-in languages, by BCP 47 tag. */

import { ar, arMessages } from './ar.js'
import { de, deMessages } from './de.js'
import { en, enMessages } from './en.js'
import { es, esMessages } from './es.js'
import { fr, frMessages } from './fr.js'
import { hi, hiLatnMessages, hiMessages } from './hi.js'
import type { PhoneMessages } from './phone-messages.js'
import { pt, ptMessages } from './pt.js'
import type { Texts } from './texts.js'

/** The texts of the pages. */
export const languages: Readonly<Record<string, Texts>> = { en, fr, es, de, pt, hi, ar }

/** The text messages. */
export const phoneMessages: Readonly<Record<string, PhoneMessages>> & {
  readonly en: PhoneMessages
} = {
  en: enMessages,
  fr: frMessages,
  es: esMessages,
  de: deMessages,
  pt: ptMessages,
  hi: hiMessages,
  'hi-Latn': hiLatnMessages,
  ar: arMessages,
}
