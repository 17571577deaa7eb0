/** What a message must be: one SMS that holds its code, and no second line for autofill. */

import { ConfigurationError } from '../../../core/errors.js'
import type {
  MessageParts,
  MessageTemplate,
  ReplacedParts,
  ReplacedTemplate,
} from '../../../texts/phone-messages.js'
import { foreignCharacters, smsSegment } from './sms-segment.js'

/** What is wrong with a template and how to put it right, or `null`. `lastLine` follows its text. */
export function messageFault(
  template: MessageTemplate,
  parts: MessageParts,
  lastLine: string,
): string | null {
  const text: unknown = template(parts)
  if (typeof text !== 'string' || !text.includes(parts.code)) {
    return 'must return a text that holds the code'
  }
  return textFault(text, {
    ...{ appName: parts.appName, lastLine, option: 'message.template' },
    unnamed: () => template({ ...parts, appName: '' }),
    sample: `, with a code of ${parts.code.length} digits and ${parts.minutes} minutes`,
  })
}

/** The same for the message to a phone that was replaced. */
export function replacedFault(template: ReplacedTemplate, parts: ReplacedParts): string | null {
  return textFault(template(parts), {
    ...{ appName: parts.appName, lastLine: '', option: 'message.replaced', sample: '' },
  })
}

/** Where a text comes from, for what has to be said about it. */
interface TextSource {
  readonly appName: string
  readonly lastLine: string
  /** The option that puts another text in its place. */
  readonly option: string
  /** The text as it is without a name, where the name must not change its alphabet. */
  readonly unnamed?: () => string
  /** What it was tried with, beside the name. */
  readonly sample: string
}

function textFault(text: string, source: TextSource): string | null {
  const { appName, lastLine, option, unnamed, sample } = source
  if (/^[^\S\n]*@|[^\P{Cc}\n]/mu.test(text)) {
    return (
      'must return a text without control characters, and without a line that begins with @; ' +
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
  const why = alphabet === 'UCS-2' ? `, since ${foreign} is not in GSM-7` : ''
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

/** The application's name, if it can be taken for nothing but a name. */
export function checkedAppName(name: unknown): string {
  if (typeof name !== 'string' || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)) {
    throw new ConfigurationError(
      'appName must be a text on one line, without control characters or invisible ones',
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

/** Whether `host` is a host name alone, as the autofill line needs it. */
export function isBareHost(host: unknown): boolean {
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  const name = new RegExp(`^(?:${label}\\.)*(?=[a-z])${label}$`)
  return typeof host === 'string' && host.length <= 253 && name.test(host)
}
