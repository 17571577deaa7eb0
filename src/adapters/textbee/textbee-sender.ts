/** Sends messages through TextBee, which turns an Android device into an SMS gateway with an HTTP API. */

import type { CodeSender, SendResult, VendorCheck } from '../../factors/phone/ports/code-sender.js'
import { startDeadline, timedOut } from '../http/deadline.js'
import { deviceCheck } from './check-device.js'
import { resolveOptions, type TextbeeSenderOptions } from './options.js'
import { resultOf, resultOfError } from './response.js'

/** TextBee's responses are a few hundred bytes; the body of a longer one is ignored. */
const longestResponseBytes = 65_536

const e164 = /^\+[1-9]\d{6,14}$/

/**
 * Makes a sender for TextBee, hosted or self-hosted.
 *
 * `sent` means that TextBee accepted the message; the device sends it later, or never if it is
 * switched off. TextBee keeps the message in clear, code included, on its server, in Firebase and on
 * the device, so keep `codeLifetimeSeconds` short. A message is never retried, because the API has no
 * idempotency key.
 *
 * @example
 * ```ts
 * import { textbeeSender } from 'passport-second-factor/textbee'
 *
 * const sender = textbeeSender({
 *   apiKey: env.TEXTBEE_API_KEY,
 *   deviceId: env.TEXTBEE_DEVICE_ID,
 * })
 * ```
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 */
export function textbeeSender(options: TextbeeSenderOptions): CodeSender {
  const { url, devicesUrl, deviceId, apiKey, simSubscriptionId, timeoutSeconds, fetch } =
    resolveOptions(options)
  const post = async (to: string, message: string): Promise<SendResult> => {
    // TextBee accepts any recipient, and only the device would notice that it is malformed.
    if (!e164.test(to)) return { status: 'rejected', reason: 'destination_invalid' }
    const deadline = startDeadline(timeoutSeconds)
    // An injected `fetch` may ignore the signal, so every wait races the deadline.
    const inTime = <T>(work: Promise<T>) => Promise.race([work, deadline.passed])
    try {
      const response = await inTime(
        fetch(url, {
          method: 'POST',
          headers: {
            accept: 'application/json',
            'content-type': 'application/json',
            'x-api-key': apiKey,
          },
          body: JSON.stringify({ message, recipients: [to], simSubscriptionId }),
          // Following a redirect would send the key and the code to another server.
          redirect: 'manual',
          signal: deadline.signal,
        }),
      )
      if (response === timedOut) return resultOfError(undefined, true)
      const body = await inTime(readJson(response))
      return resultOf({
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        body: body === timedOut ? undefined : body,
      })
    } catch (error) {
      return resultOfError(error, deadline.signal.aborted)
    } finally {
      deadline.clear()
    }
  }
  const check = async (): Promise<VendorCheck> => {
    const deadline = startDeadline(timeoutSeconds)
    const inTime = <T>(work: Promise<T>) => Promise.race([work, deadline.passed])
    try {
      const response = await inTime(
        fetch(devicesUrl, {
          headers: { accept: 'application/json', 'x-api-key': apiKey },
          redirect: 'manual',
          signal: deadline.signal,
        }),
      )
      if (response === timedOut) return noAnswer
      const body = await inTime(readJson(response))
      return deviceCheck(response.status, body, deviceId, Date.now())
    } catch {
      return noAnswer
    } finally {
      deadline.clear()
    }
  }
  return {
    channel: 'sms',
    check,
    send: ({ to, text }) => post(to, text.reveal()),
    notify: ({ to, text }) => post(to, text),
  }
}

const noAnswer: VendorCheck = { ok: false, text: 'TextBee does not answer' }

/** Parses the body; `undefined` if it is too long, incomplete, not JSON or cut off by the deadline. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk as Uint8Array)
      length += (chunk as Uint8Array).length
      if (length > longestResponseBytes) return undefined
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}
