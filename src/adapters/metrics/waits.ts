/** Measures the time from the first message to the right code. */

import type { SecondFactorEvent } from '../../ports/event-sink.js'

/** The most waits kept at once; the oldest is dropped unmeasured. */
const maxWaits = 10_000

/** A wait that has ended with the right code. */
export interface Wait {
  readonly seconds: number
  readonly channel: unknown
  readonly purpose: unknown
}

type Fields = Readonly<Record<string, unknown>>

/** Makes the memory of who is waiting. Ids stay in this process, and only until the code is typed or replaced. */
export function createWaits(): {
  /** Returns the wait that ends with this event, or `null`. */
  observe(event: SecondFactorEvent, fields: Fields): Wait | null
} {
  const since = new Map<string, Fields & { readonly at: number }>()
  return {
    observe(event, fields) {
      if (!('subject' in event) || isMasked(event.subject)) return null
      const { subject } = event
      // Matched by name, because the phone factor may not be installed.
      const type: string = event.type
      const at = event.at.getTime()
      if (type === 'challenge_sent' && fields['resent'] !== true) {
        since.delete(subject)
        since.set(subject, { ...fields, at })
        if (since.size > maxWaits) since.delete(since.keys().next().value ?? '')
        return null
      }
      if (type !== 'passed' && type !== 'challenge_abandoned' && type !== 'all_grants_revoked') {
        return null
      }
      const sent = since.get(subject)
      since.delete(subject)
      // Somebody who passed with another factor did not wait for the message.
      if (type !== 'passed' || sent === undefined || fields['method'] !== 'sms') return null
      const seconds = Math.max(0, (at - sent.at) / 1000)
      return { seconds, channel: sent['channel'], purpose: sent['purpose'] }
    },
  }
}

/** True for phones without a user: only their last digits are shown, and several share them. */
function isMasked(subject: string): boolean {
  return subject.startsWith('tel:')
}
