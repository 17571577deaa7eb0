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

const english: MessageTemplate = ({ code, appName, minutes }) =>
  `${code} is your ${named(appName)}code. It is valid for ${minutes} min. Do not share it.`

const hindiInLatin: MessageTemplate = ({ code, appName, minutes }) =>
  `${code} aapka ${named(appName)}code hai. Yeh ${minutes} min tak valid hai. Kisi ko na bataen.`

/**
 * The wordings of each language, the best first: the first that fits one SMS is used. All but the
 * Devanagari and the Arabic one keep to the characters of GSM-7, which has no "ó", "ç" or "ã": hence the Spanish
 * "clave" and the Portuguese "senha" for a code.
 */
export const shippedTexts: Readonly<Record<string, readonly MessageTemplate[]>> = {
  en: [english],
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
  ar: [
    ({ code, appName, minutes }) =>
      `${code} هو رمزك${after('في', appName)}. صالح لمدة ${minutes} د. لا تشاركه مع أحد.`,
    english,
  ],
}

/** What the text to a number that was replaced may say. */
export interface ReplacedParts {
  /** The name a person knows the application by, or an empty text. */
  readonly appName: string
  /** The last two digits of the number in its place. */
  readonly lastDigits: string
  /** The language to write in: one that a text is configured for. */
  readonly locale: string
}

/** Writes the text to a number that was replaced. */
export type ReplacedTemplate = (parts: ReplacedParts) => string

/** The same for every language above, with the application's name in front. */
export const replacedTexts: Readonly<Record<string, ReplacedTemplate>> & {
  readonly en: ReplacedTemplate
} = {
  en: ({ appName, lastDigits }) =>
    `${titled(appName)}Your phone number was replaced by one ending in ${lastDigits}. If that was not you, contact support now.`,
  fr: ({ appName, lastDigits }) =>
    `${titled(appName)}Votre numéro a été remplacé par un autre finissant par ${lastDigits}. Si ce n'est pas vous, contactez vite le support.`,
  es: ({ appName, lastDigits }) =>
    `${titled(appName)}Su numero fue cambiado por otro que termina en ${lastDigits}. Si no fue usted, contacte ya con soporte.`,
  de: ({ appName, lastDigits }) =>
    `${titled(appName)}Ihre Nummer wurde durch eine mit den Endziffern ${lastDigits} ersetzt. Waren Sie das nicht, melden Sie sich sofort beim Support.`,
  pt: ({ appName, lastDigits }) =>
    `${titled(appName)}O telefone da sua conta mudou para outro com final ${lastDigits}. Se foi outra pessoa, fale logo com o suporte.`,
  hi: ({ appName, lastDigits }) =>
    `${titled(appName)}आपका नंबर ${lastDigits} पर समाप्त होने वाले नंबर से बदला गया। आपने नहीं किया तो सहायता से संपर्क करें।`,
  'hi-Latn': ({ appName, lastDigits }) =>
    `${titled(appName)}Aapka number badal kar ${lastDigits} par khatm hone wala ho gaya hai. Aapne nahin kiya to turant support se baat karen.`,
  ar: ({ appName, lastDigits }) =>
    `${titled(appName)}استُبدل رقمك برقم ينتهي بـ ${lastDigits}. إن لم تكن أنت فاتصل بالدعم فورًا.`,
}

function named(appName: string): string {
  return appName === '' ? '' : `${appName} `
}

function titled(appName: string): string {
  return appName === '' ? '' : `${appName}: `
}

function after(preposition: string, appName: string): string {
  return appName === '' ? '' : ` ${preposition} ${appName}`.replace('  ', ' ')
}
