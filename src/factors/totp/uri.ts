/** The `otpauth:` URI that an app reads from a QR code or a link. */

/** The contents of an `otpauth:` URI. */
export interface KeyUri {
  /** The application's name; may be empty. */
  readonly issuer: string
  /** The account's name, such as an e-mail address. */
  readonly account: string
  /** In base32, without padding. */
  readonly secret: string
}

/**
 * Maximum sizes of an encoded issuer and account, in bytes. The issuer occurs twice. With a secret of 160 bits the URI
 * then fits a QR code of version 16, which cameras can still read from a screen.
 */
const issuerBytes = 128
const accountBytes = 224

/**
 * Characters to remove from names: the colon, which separates issuer and account, control characters and directional
 * marks, and lone surrogates, which cannot be encoded.
 */
const foreign = /[:\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** Splits a name into user-perceived characters, so an emoji of several code points stays whole. */
const characters = new Intl.Segmenter('en')

/**
 * Makes the URI of a secret. It omits the algorithm, length and period: ours are the defaults, and many apps ignore any
 * others. Names that are too long are cut.
 */
export function keyUri({ issuer, account, secret }: KeyUri): string {
  const by = encoded(issuer, issuerBytes)
  const of = encoded(account, accountBytes)
  // An app needs a label, even if both names are empty.
  const label = [by, of].filter((name) => name !== '').join(':') || 'Account'
  return `otpauth://totp/${label}?secret=${secret}${by === '' ? '' : `&issuer=${by}`}`
}

/** URI-encodes a name and cuts it between characters. A space becomes %20, because apps would show a plus as a plus. */
function encoded(name: string, most: number): string {
  let text = ''
  for (const { segment } of characters.segment(name.replace(foreign, '').trim())) {
    const next = encodeURIComponent(segment)
    if (text.length + next.length > most) break
    text += next
  }
  return text
}
