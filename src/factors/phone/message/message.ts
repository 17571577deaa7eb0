/** Writes messages in the person's language, with nothing that a user controls, and no longer than one SMS. */

import { ConfigurationError } from '../../../core/errors.js'
import { canonicalLocale, matchLocale } from '../../../core/locale.js'
import { assertKnownOptions } from '../../../core/known-options.js'
import type { Policy } from '../../../core/policy.js'
import { Sensitive } from '../../../core/sensitive.js'
import { phoneMessages } from '../../../texts/languages.js'
import type {
  FactorChangeName,
  MessageParts,
  MessageTemplate,
  ReplacedParts,
  ReplacedTemplate,
} from '../../../texts/phone-messages.js'
import { checkedAppName, isBareHost, messageFault, replacedFault } from './message-check.js'
import { smsSegment } from './sms-segment.js'

/** The options for the text of messages. */
export interface MessageOptions {
  /**
   * The name that people know the application by, without a web address, `@` or `#`.
   *
   * @default the `appName` of the application
   */
  readonly appName?: string | undefined
  /**
   * Writes the text: one function for every language, or functions by BCP 47 tag, which add to the shipped `en`,
   * `fr`, `es`, `de`, `pt`, `hi` and `ar` or replace them. Each text must contain the code and fit one SMS: 160
   * characters of GSM-7, or 70 characters if the language needs others.
   *
   * @default the texts that come with the package
   */
  readonly template?:
    MessageTemplate | Readonly<Record<string, MessageTemplate | undefined>> | undefined
  /**
   * The language for people whose own is unknown, or has no text.
   *
   * @default 'en'
   */
  readonly defaultLocale?: string | undefined
  /**
   * The host of the page where the code is typed, such as `example.com`. The last line is then `@host #code`, which
   * browsers use to fill in the code on that host only.
   *
   * @default no such line
   */
  readonly autofillHost?: string | undefined
  /**
   * Writes the text to a phone that was replaced by another. It must fit one SMS in each language.
   *
   * @default a sentence in the language of the code's text, or in English
   */
  readonly replaced?: ReplacedTemplate | undefined
}

/** Writes the text of a code's message, in the language that fits `locale` best. */
export interface ComposeMessage {
  (code: string, validForSeconds: number, locale: string | null): Sensitive
  /** The text to a phone that was replaced by one with these last digits. */
  replaced(lastDigits: string, locale: string | null): string
  /** The text about a change of the person's other factors. */
  changed(change: FactorChangeName, locale: string | null): string
  /** The languages that have texts. */
  readonly locales: readonly string[]
}

const optionNames: Readonly<Record<keyof MessageOptions, true>> = {
  appName: true,
  template: true,
  defaultLocale: true,
  autofillHost: true,
  replaced: true,
}

/**
 * Makes the composer, and tries each language once, with the configured code length and a lifetime of at least ten
 * minutes.
 *
 * @throws ConfigurationError for an option that cannot be used, and for a text that leaves the code out or does not
 *   fit one SMS; it names the language and the remedy.
 */
export function messageComposer(
  options: MessageOptions,
  limits: Pick<Policy, 'codeLength' | 'codeLifetimeSeconds'>,
): ComposeMessage {
  assertKnownOptions('message', options, optionNames)
  const { autofillHost } = options
  const appName = checkedAppName(options.appName ?? '')
  if (autofillHost !== undefined && !isBareHost(autofillHost)) {
    throw new ConfigurationError(
      `message.autofillHost is ${JSON.stringify(autofillHost)}; write the host alone, in lower case and ` +
        "without scheme, port or path, such as 'example.com'",
    )
  }
  const lastLine = (code: string) =>
    autofillHost === undefined ? '' : `\n@${autofillHost} #${code}`

  const sample = {
    code: '1234567890'.slice(0, limits.codeLength),
    appName,
    minutes: Math.max(10, minutesOf(limits.codeLifetimeSeconds)),
  }
  const texts = fittingTexts(options.template, sample, lastLine(sample.code))
  const locales = [...texts.keys()]
  const defaultLocale = matchLocale(options.defaultLocale ?? 'en', locales)
  if (defaultLocale === null) {
    throw new ConfigurationError(
      `message.defaultLocale is ${JSON.stringify(options.defaultLocale)}; the languages with a text ` +
        `are ${locales.join(', ')}, and message.template adds others`,
    )
  }
  const replacedTexts = fittingReplaced(options.replaced, appName, locales)
  const compose = (code: string, validForSeconds: number, wanted: string | null) => {
    const locale = matchLocale(wanted, locales) ?? defaultLocale
    const minutes = minutesOf(validForSeconds)
    const text = texts.get(locale)?.({ code, appName, minutes, locale }) ?? ''
    return new Sensitive(text + lastLine(code))
  }
  const replaced = (lastDigits: string, wanted: string | null) => {
    const locale = matchLocale(wanted, locales) ?? defaultLocale
    return replacedTexts.get(locale)?.({ appName, lastDigits, locale }) ?? ''
  }
  const changed = (change: FactorChangeName, wanted: string | null) =>
    changedText(change, appName, matchLocale(wanted, locales) ?? defaultLocale)
  return Object.assign(compose, { locales, replaced, changed })
}

/** The first wording of each language that fits one SMS. */
function fittingTexts(
  template: MessageOptions['template'],
  sample: Omit<MessageParts, 'locale'>,
  lastLine: string,
): Map<string, MessageTemplate> {
  const texts = new Map<string, MessageTemplate>()
  for (const [locale, { option, wordings }] of wordingsOf(template)) {
    const faults = wordings.map((each) => messageFault(each, { ...sample, locale }, lastLine))
    const fitting = wordings[faults.indexOf(null)]
    if (fitting === undefined) throw new ConfigurationError(`${option} ${faults.at(-1) ?? ''}`)
    texts.set(locale, fitting)
  }
  return texts
}

/** The wordings to choose from for each language, and their name in errors. */
function wordingsOf(
  template: MessageOptions['template'],
): Map<string, { option: string; wordings: readonly MessageTemplate[] }> {
  const whole = typeof template === 'function' ? [template] : null
  const all = new Map(
    Object.entries(phoneMessages).map(([locale, { code }]) => [
      locale,
      whole === null
        ? { option: `message: the text in '${locale}'`, wordings: code }
        : { option: `message.template in '${locale}'`, wordings: whole },
    ]),
  )
  if (template === undefined || whole !== null) return all
  for (const [tag, own] of Object.entries(template)) {
    if (own === undefined) continue
    const locale = canonicalLocale(tag)
    if (locale === null || typeof (own as unknown) !== 'function') {
      throw new ConfigurationError(
        `message.template holds ${JSON.stringify(tag)}; give a function by BCP 47 tag, such as ` +
          '{ it: ({ code, minutes }) => `…` }',
      )
    }
    all.set(locale, { option: `message.template.${tag}`, wordings: [own] })
  }
  return all
}

/** The first wording for a replaced phone that fits one SMS, for each language. */
function fittingReplaced(
  own: unknown,
  appName: string,
  locales: readonly string[],
): Map<string, ReplacedTemplate> {
  const all = locales.map((locale): [string, ReplacedTemplate] => {
    const parts = { appName, lastDigits: '00', locale }
    const wordings = own === undefined ? wordingsOfReplaced(locale) : [checkedReplaced(own, parts)]
    const faults = wordings.map((each) => replacedFault(each, parts))
    const fitting = wordings[faults.indexOf(null)]
    if (fitting !== undefined) return [locale, fitting]
    throw new ConfigurationError(
      `message.replaced in '${locale}' ${faults.at(-1) ?? ''}`,
      'message.replaced',
    )
  })
  return new Map(all)
}

function isOneSegment(text: string): boolean {
  const { used, limit } = smsSegment(text)
  return used <= limit
}

/** The first wording that fits one SMS, with the application's name or else without it. */
function changedText(change: FactorChangeName, appName: string, locale: string): string {
  const tag = matchLocale(locale, Object.keys(phoneMessages)) ?? 'en'
  const wordings = (phoneMessages[tag] ?? phoneMessages.en).changed[change]
  const texts = [appName, ''].flatMap((name) => wordings.map((each) => each(name)))
  return texts.find(isOneSegment) ?? texts.at(-1) ?? ''
}

/** Returns the application's own template if it returns a string. */
function checkedReplaced(own: unknown, parts: ReplacedParts): ReplacedTemplate {
  const template = typeof own === 'function' ? (own as ReplacedTemplate) : null
  const text: unknown = template?.(parts)
  if (template !== null && typeof text === 'string' && text.trim() !== '') return template
  throw new ConfigurationError(
    'message.replaced must be a function that returns a string',
    'message.replaced',
  )
}

/**
 * The shipped wordings for a replaced phone, with the name and then without it. Languages that the application added
 * use the closest shipped one. A name that makes every text too long is left out, because notifying the person
 * matters more.
 */
function wordingsOfReplaced(locale: string): readonly ReplacedTemplate[] {
  const tag = matchLocale(locale, Object.keys(phoneMessages)) ?? 'en'
  const { replaced } = phoneMessages[tag] ?? phoneMessages.en
  const unnamed = replaced.map(
    (each): ReplacedTemplate =>
      (parts) =>
        each({ ...parts, appName: '' }),
  )
  return [...replaced, ...unnamed]
}

function minutesOf(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / 60))
}
