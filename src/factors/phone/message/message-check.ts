/** What a message must be: one SMS that holds its code, and no second line for autofill. */

import { ConfigurationError } from '../../../core/errors.js'
import type { MessageParts, MessageTemplate } from '../../../texts/phone-messages.js'
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
  if (/^[^\S\n]*@|[^\P{Cc}\n]/mu.test(text)) {
    return (
      'must return a text without control characters, and without a line that begins with @; ' +
      'set message.autofillHost for the line that browsers read'
    )
  }
  const foreign = foreignCharacters(text)
  if (foreign !== '' && foreignCharacters(template({ ...parts, appName: '' })) === '') {
    return (
      `cannot be sent in GSM-7 with the appName ${JSON.stringify(parts.appName)}, which holds ` +
      `${foreign}; spell message.appName with the letters of GSM-7`
    )
  }
  const { alphabet, used, limit } = smsSegment(text + lastLine)
  if (used <= limit) return null
  const why = alphabet === 'UCS-2' ? `, since ${foreign} is not in GSM-7` : ''
  const shorten = [
    ...(parts.appName === '' ? [] : [`message.appName (${JSON.stringify(parts.appName)})`]),
    ...(lastLine === '' ? [] : ['message.autofillHost']),
    'its text in message.template',
  ]
  return (
    `takes more than one SMS: ${used} of ${limit} characters of ${alphabet}${why}, with a code of ` +
    `${parts.code.length} digits and ${parts.minutes} minutes; shorten ${shorten.join(' or ')}`
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
