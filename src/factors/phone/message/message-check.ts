/** Checks messages: each must fit one SMS, hold its code, and have no line that autofill could misread. */

import { ConfigurationError } from '../../../core/errors.js'
import type {
  MessageParts,
  MessageTemplate,
  ReplacedParts,
  ReplacedTemplate,
} from '../../../texts/phone-messages.js'
import { foreignCharacters, smsSegment } from './sms-segment.js'

/** Returns the fault of a template and its fix, or `null`. `lastLine` is appended to its text. */
export function messageFault(
  template: MessageTemplate,
  parts: MessageParts,
  lastLine: string,
): string | null {
  const text: unknown = template(parts)
  if (typeof text !== 'string' || !text.includes(parts.code)) {
    return 'must return a string that contains the code'
  }
  return textFault(text, {
    ...{ appName: parts.appName, lastLine, option: 'message.template' },
    unnamed: () => template({ ...parts, appName: '' }),
    sample: `, with a code of ${parts.code.length} digits and ${parts.minutes} minutes`,
  })
}

/** Returns the fault of the message to a replaced phone and its fix, or `null`. */
export function replacedFault(template: ReplacedTemplate, parts: ReplacedParts): string | null {
  return textFault(template(parts), {
    ...{ appName: parts.appName, lastLine: '', option: 'message.replaced', sample: '' },
  })
}

/** The origin of a text, for error messages about it. */
interface TextSource {
  readonly appName: string
  readonly lastLine: string
  /** The option that replaces the text. */
  readonly option: string
  /** Writes the text without a name, if the name must not change the text's alphabet. */
  readonly unnamed?: () => string
  /** The values it was tried with, besides the name. */
  readonly sample: string
}

function textFault(text: string, source: TextSource): string | null {
  const { appName, lastLine, option, unnamed, sample } = source
  if (/^[^\S\n]*@|[^\P{Cc}\n]/mu.test(text)) {
    return (
      'must return a string without control characters, and without a line that begins with @; ' +
      'set message.autofillHost for the line that browsers read'
    )
  }
  const foreign = foreignCharacters(text)
  if (foreign !== '' && unnamed !== undefined && foreignCharacters(unnamed()) === '') {
    return (
      `cannot be sent in GSM-7 with the appName ${JSON.stringify(appName)}, which holds ` +
      `${foreign}; spell message.appName with the letters of GSM-7`
    )
  }
  const { alphabet, used, limit } = smsSegment(text + lastLine)
  if (used <= limit) return null
  const why = alphabet === 'UCS-2' ? `, because ${foreign} is not in GSM-7` : ''
  const shorten = [
    ...(appName === '' ? [] : [`message.appName (${JSON.stringify(appName)})`]),
    ...(lastLine === '' ? [] : ['message.autofillHost']),
    `its text in ${option}`,
  ]
  return (
    `takes more than one SMS: ${used} of ${limit} characters of ${alphabet}${why}${sample}; ` +
    `shorten ${shorten.join(' or ')}`
  )
}

/** Returns the application's name if it cannot be mistaken for a link or an autofill line. */
export function checkedAppName(name: unknown): string {
  if (typeof name !== 'string' || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)) {
    throw new ConfigurationError(
      'appName must be one line of text, without control or invisible characters',
    )
  }
  if (/[@#]|:\/\/|[\p{L}\p{N}-]\.\p{L}{2,}/iu.test(name)) {
    throw new ConfigurationError(
      `appName is ${JSON.stringify(name)}, which phones would show as a link or read as a line for ` +
        "autofill; write a name such as 'Example', or give messages their own with message.appName",
    )
  }
  return name.trim()
}

/** Returns true if `host` is a bare host name, as the autofill line needs it. */
export function isBareHost(host: unknown): boolean {
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  const name = new RegExp(`^(?:${label}\\.)*(?=[a-z])${label}$`)
  return typeof host === 'string' && host.length <= 253 && name.test(host)
}
