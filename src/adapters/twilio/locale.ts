/** Maps a user's language to a locale that Twilio Verify supports. */

/** Twilio responds to any other locale with a 404 and starts nothing. */
const supported: readonly string[] = (
  'af ar ca cs da de el en en-GB es et fi fr he hi hr hu id it ja kn ko lt ms mr nb nl pl pt pt-BR ' +
  'ro ru sk sv te th tl tr uk vi zh zh-CN zh-HK'
).split(' ')

/** Languages that Twilio knows under another tag. */
const otherNames: Readonly<Record<string, string>> = { fil: 'tl', no: 'nb', nn: 'nb' }

/**
 * The closest locale that Twilio supports, or `undefined` if there is none: Twilio then picks one by
 * the phone's country.
 */
export function verifyLocale(tag: string | null): string | undefined {
  const locale = parse(tag)
  if (locale === null) return undefined
  const { language, region } = locale
  // Of Twilio's Chinese locales only Hong Kong's is written in traditional characters.
  if (language === 'zh' && locale.maximize().script === 'Hant') return 'zh-HK'
  const name = otherNames[language] ?? language
  return [`${name}-${region ?? ''}`, name].find((candidate) => supported.includes(candidate))
}

function parse(tag: string | null): Intl.Locale | null {
  try {
    return tag === null ? null : new Intl.Locale(tag)
  } catch {
    return null
  }
}
