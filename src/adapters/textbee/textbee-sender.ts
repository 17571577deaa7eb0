/** Sends messages through TextBee, an Android phone behind an HTTP API. */

import type { CodeSender, SendResult } from '../../ports/code-sender.js'
import { resultOf, unanswered } from './answer.js'
import { resolveOptions, type TextbeeSenderOptions } from './options.js'

/** Answers are a few hundred bytes; of a longer one nothing is believed but its status. */
const longestAnswerBytes = 65_536

const e164 = /^\+[1-9]\d{6,14}$/

/**
 * Makes a sender for TextBee, hosted or self-hosted.
 *
 * `sent` means that TextBee took the message: the phone sends it later, or, switched off, never.
 * TextBee keeps the text with the code in clear on its server, in Firebase and on the phone, so
 * keep `codeLifetimeSeconds` short. A message is never repeated, as the API knows no idempotency key.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 */
export function textbeeSender(options: TextbeeSenderOptions): CodeSender {
  const { url, apiKey, simSubscriptionId, timeoutSeconds, fetch } = resolveOptions(options)
  const post = async (to: string, message: string): Promise<SendResult> => {
    // TextBee takes any recipient, and many; the phone would find out too late.
    if (!e164.test(to)) return { status: 'rejected', reason: 'destination_invalid' }
    const deadline = new AbortController()
    const timer = setTimeout(() => {
      deadline.abort()
    }, timeoutSeconds * 1000)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'x-api-key': apiKey,
        },
        body: JSON.stringify({ message, recipients: [to], simSubscriptionId }),
        // A followed redirect would carry key and code to wherever it points.
        redirect: 'manual',
        signal: deadline.signal,
      })
      return resultOf({
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        body: await readJson(response),
      })
    } catch (error) {
      return unanswered(error, deadline.signal.aborted)
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    channel: 'sms',
    send: ({ to, text }) => post(to, text.reveal()),
    notify: ({ to, text }) => post(to, text),
  }
}

/** The answer's JSON, or `undefined` where it is cut off, too long, late or something else. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk as Uint8Array)
      length += (chunk as Uint8Array).length
      if (length > longestAnswerBytes) return undefined
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}
