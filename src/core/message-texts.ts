/** The texts that come with the package, by language. */

/** What a template may say. Nothing that a user or a client controls is among it. */
export interface MessageParts {
  readonly code: string
  /** The name a person knows the application by, or an empty text. */
  readonly appName: string
  /** Whole minutes the code lives, at least 1. */
  readonly minutes: number
  /** The language to write in: one that a text is configured for, never a tag as a client sent it. */
  readonly locale: string
}

/** Writes the text of a message, without the line for autofill. */
export type MessageTemplate = (parts: MessageParts) => string

const hindiInLatin: MessageTemplate = ({ code, appName, minutes }) =>
  `${code} aapka ${named(appName)}code hai. Yeh ${minutes} min tak valid hai. Kisi ko na bataen.`

/**
 * The wordings of each language, the best first: the first that fits one SMS is used. All but the
 * Devanagari one keep to the characters of GSM-7, which has no "ó", "ç" or "ã": hence the Spanish
 * "clave" and the Portuguese "senha" for a code.
 */
export const shippedTexts: Readonly<Record<string, readonly MessageTemplate[]>> = {
  en: [
    ({ code, appName, minutes }) =>
      `${code} is your ${named(appName)}code. It is valid for ${minutes} min. Do not share it.`,
  ],
  fr: [
    ({ code, appName, minutes }) =>
      `${code} est votre code${after('', appName)}. Il est valable ${minutes} min. Ne le partagez pas.`,
  ],
  es: [
    ({ code, appName, minutes }) =>
      `${code} es su clave${after('de', appName)}. Caduca en ${minutes} min. No la comparta.`,
  ],
  de: [
    ({ code, appName, minutes }) =>
      `${code} ist Ihr Code${after('für', appName)}. Er gilt ${minutes} min. Geben Sie ihn nicht weiter.`,
  ],
  pt: [
    ({ code, appName, minutes }) =>
      `${code} é a sua senha de acesso${after('a', appName)}. Vale por ${minutes} min. Nunca a revele.`,
  ],
  hi: [
    ({ code, appName, minutes }) =>
      `${code} आपका ${named(appName)}कोड है। यह ${minutes} मिनट तक मान्य है। किसी को न बताएं।`,
    hindiInLatin,
  ],
  'hi-Latn': [hindiInLatin],
}

function named(appName: string): string {
  return appName === '' ? '' : `${appName} `
}

function after(preposition: string, appName: string): string {
  return appName === '' ? '' : ` ${preposition} ${appName}`.replace('  ', ' ')
}
