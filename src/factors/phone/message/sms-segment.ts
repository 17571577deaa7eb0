/** Measures how much of one SMS a text takes, in the alphabet that it needs (3GPP TS 23.038). */

/** A text's share of a single SMS. More than `limit` is sent, and paid for, as several. */
export interface SmsSegment {
  /** `GSM-7` if every character is in its table, else `UCS-2`. */
  readonly alphabet: 'GSM-7' | 'UCS-2'
  /** GSM-7 characters, counting those of the extension table twice; or UTF-16 code units. */
  readonly used: number
  /** 160 in GSM-7, 70 in UCS-2. */
  readonly limit: number
}

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ' +
    ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
    '¿abcdefghijklmnopqrstuvwxyzäöñüà',
)

/** Each of these needs an escape character before it. */
const extended = new Set('\f^{}\\[~]|€')

/** Measures a text. */
export function smsSegment(text: string): SmsSegment {
  if (foreignCharacters(text) !== '') return { alphabet: 'UCS-2', used: text.length, limit: 70 }
  const used = Array.from(text).reduce(
    (sum, character) => sum + (extended.has(character) ? 2 : 1),
    0,
  )
  return { alphabet: 'GSM-7', used, limit: 160 }
}

/** The characters that keep a text from being sent in GSM-7, each once. */
export function foreignCharacters(text: string): string {
  const foreign = Array.from(text).filter((each) => !basic.has(each) && !extended.has(each))
  return [...new Set(foreign)].join('')
}
