/** The code page's messages about the last send and about refusals, each with a next step that exists. */

import { html, type Html } from '../../../pages/html.js'
import type { PageFrame, PageModel } from '../../../pages/page.js'
import type { Wording } from '../../../pages/wording.js'
import type { PhoneChallengeView } from '../rules/view.js'
import type { ChallengePage } from './models.js'

type Model = PageModel<ChallengePage>

/** The sentence for a refusal, if the page knows a better next step than the usual sentence. */
export function challengeMessage(page: Model, wording: Wording): string | undefined {
  const { code, challenge, isInDoubt, verifiesPhone, texts } = page
  if (challenge === null && isWait(page)) return noneSent(page, wording)
  if (code === 'cooldown' && isInDoubt) return inDoubt(page, wording)
  if (code === 'malformed_request' && challenge !== null) {
    return texts.phone.enterCode.replace('{digits}', String(challenge.codeLength))
  }
  if (verifiesPhone) return undefined
  if (code === 'destination_missing') {
    return `${texts.phone.refusals.destination_missing} ${otherPhone(page)}`
  }
  return code === 'destination_invalid' || code === 'destination_blocked'
    ? `${texts.phone.unusable} ${otherPhone(page)}`
    : undefined
}

/** Returns true if a code was requested too soon, or too often. */
export function isWait({ code }: PageFrame): boolean {
  return code === 'cooldown' || code === 'send_limit'
}

/** The sentence for such a wait if no code is running: the last one may never have been sent. */
export function noneSent(
  { code, texts, retryAfterSeconds }: PageFrame,
  wording: Wording,
): string | undefined {
  if (retryAfterSeconds === null) return undefined
  const { limitReached, sendIn } = texts.phone
  const sentence = code === 'send_limit' ? `${limitReached} ${texts.tryAgainIn}` : sendIn
  return sentence.replace('{duration}', wording.duration(retryAfterSeconds))
}

/** The sentence for a code requested too soon after one that may not have been sent. */
function inDoubt({ texts, retryAfterSeconds }: PageFrame, wording: Wording): string | undefined {
  if (retryAfterSeconds === null) return undefined
  const duration = wording.duration(retryAfterSeconds)
  return texts.phone.waits.delivery_failed.replace('{duration}', duration)
}

/** The notice about the last message: it did not arrive, may not have been sent, or was the same code again. */
export function deliveryNotice(page: Model, challenge: PhoneChallengeView): Html | null {
  const { texts, sentAgain, isInDoubt, message } = page
  if (challenge.delivery === 'failed') {
    const reason = challenge.deliveryReason ?? 'not_delivered'
    const helps = reason === 'number_invalid' || reason === 'blocked' ? otherPhone(page) : ''
    return html`<p class="alert" role="alert" id="delivery">
        ${texts.phone.notDelivered[reason]} ${helps}
      </p>
      ${reason === 'blocked' ? optIn(page) : null}`
  }
  if (message !== null) return null
  if (isInDoubt) {
    return html`<p class="notice">${texts.phone.refusals.delivery_failed}</p>`
  }
  if (!sentAgain) return null
  return html`<p class="notice" role="status">${texts.phone.sentAgain}</p>`
}

/** Explains how to receive messages again after replying "STOP". */
export function optIn({ texts }: Pick<Model, 'texts'>): Html {
  return html`<p>${texts.phone.optIn}</p>`
}

/** The next step: use another phone, if that is possible here, or contact support. */
function otherPhone({ offersPhone, texts }: Model): string {
  return offersPhone ? texts.phone.useOtherPhone : texts.contactSupport
}
