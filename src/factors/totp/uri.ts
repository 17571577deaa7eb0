/** The `otpauth:` address that an app reads, from a QR code or from a link. */

/** What an app shows of an account, and what it computes codes of. */
export interface KeyUri {
  /** The application's name; may be empty. */
  readonly issuer: string
  /** The account's name, such as an e-mail address. */
  readonly account: string
  /** In base32, without padding. */
  readonly secret: string
}

/**
 * Bytes that an issuer and an account may take once they are encoded. The issuer stands there twice; with a secret of
 * 160 bits the whole fits a QR code of version 16, which cameras still read from a screen.
 */
const issuerBytes = 128
const accountBytes = 224

/**
 * Neither belongs in a name: a colon separates the two, and the rest cannot be seen or turns text around. Lone
 * surrogates cannot be encoded.
 */
const foreign = /[:\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** Characters as people count them: an emoji of several code points is one. */
const characters = new Intl.Segmenter('en')

/**
 * The address of a secret. It names no algorithm, length or period: these are the defaults, and many apps ignore
 * others. Names that are too long are shortened.
 */
export function keyUri({ issuer, account, secret }: KeyUri): string {
  const by = encoded(issuer, issuerBytes)
  const of = encoded(account, accountBytes)
  // An app needs a label, even where nothing of the names can be written.
  const label = [by, of].filter((name) => name !== '').join(':') || 'Account'
  return `otpauth://totp/${label}?secret=${secret}${by === '' ? '' : `&issuer=${by}`}`
}

/** The name as it is written in an address, cut between characters. A space is %20: apps show a plus as it is. */
function encoded(name: string, most: number): string {
  let text = ''
  for (const { segment } of characters.segment(name.replace(foreign, '').trim())) {
    const next = encodeURIComponent(segment)
    if (text.length + next.length > most) break
    text += next
  }
  return text
}
