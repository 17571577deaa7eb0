/** The page that asks for a code, and for the digits of one that was sent. */

import { maxTypedLength } from '../../../core/fields.js'
import { otherAccount, toChallenge } from '../../../pages/frame.js'
import { fill, html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import { triesLeft, type Wording } from '../../../pages/wording.js'
import type { PhoneChallengeView } from '../rules/view.js'
import type { ChallengePage } from './models.js'

type Model = PageModel<ChallengePage>

/** The page of this model. */
export function challengePage(model: ChallengePage): PageBody<ChallengePage> {
  return { model, heading, body }
}

function heading({ texts, passed, challenge, verifiesPhone }: Model): string {
  if (passed && challenge === null) return texts.headings.passed
  return verifiesPhone ? texts.phone.headings.verify : texts.phone.headings.challenge
}

function body(page: Model, wording: Wording): Html {
  const { challenge, passed, code, retryAt } = page
  const mayType = challenge !== null && challenge.attemptsLeft > 0
  const onward = passed && !mayType ? goOn(page) : null
  if (code === 'locked_out') {
    // To type or to ask would only be refused again; but a lock that ends must not leave the person stranded.
    return html`${onward} ${retryAt === undefined ? null : toChallenge(page)} ${otherAccount(page)}`
  }
  return mayType
    ? html`${codeForm(page, challenge, wording)} ${sendAgainForm(page, challenge, wording)}
      ${otherAccount(page)}`
    : html`${onward} ${sendForm(page, wording)} ${changePhone(page)} ${otherAccount(page)}`
}

function goOn({ texts, returnTo }: Model): Html {
  return html`
    <p>${texts.passed}</p>
    <p><a class="button" href="${returnTo}">${texts.goOn}</a></p>
  `
}

function changePhone({ offersPhone, passed, mountPath, texts }: Model): Html | null {
  if (!offersPhone) return null
  return html`<p>
    <a href="${mountPath}/phone">${passed ? texts.phone.changePhone : texts.phone.otherPhone}</a>
  </p>`
}

function codeForm(page: Model, challenge: PhoneChallengeView, wording: Wording): Html {
  const { texts, verifiesPhone, mountPath, message } = page
  const { attemptsLeft, channel, codeLength, destination, expiresInSeconds } = challenge
  const format = texts.phone.codeFormat.replace('{digits}', String(codeLength))
  const described = [
    ...(message === undefined ? [] : ['alert']),
    ...(challenge.delivery === 'failed' ? ['delivery'] : []),
    'hint',
  ].join(' ')
  return html`
    ${notice(page, challenge)}
    <p id="hint">
      ${fill(texts.phone.sent[channel], {
        digits: codeLength,
        number: html`<bdi dir="ltr">${destination}</bdi>`,
      })}
      ${page.code === 'code_incorrect' ? null : triesLeft(wording, attemptsLeft)}
    </p>
    ${countdown(texts.phone.validFor, expiresInSeconds, texts.refusals.code_expired, wording)}
    <form
      method="post"
      action="${mountPath}${verifiesPhone ? '/phone/verify' : '/verify'}"
      data-code
      data-otp-transport="sms"
      ${page.submitOnLastDigit ? html`data-submit-on-last-digit` : null}
    >
      <label for="code">${texts.code}</label>
      <input
        id="code"
        name="code"
        type="text"
        dir="ltr"
        inputmode="numeric"
        autocomplete="one-time-code"
        pattern="\\P{Nd}*(\\p{Nd}\\P{Nd}*){${codeLength},}"
        title="${format}"
        maxlength="${maxTypedLength}"
        data-digits="${codeLength}"
        aria-describedby="${described}"
        ${page.code === 'code_incorrect' ? html`aria-invalid="true"` : null}
        required
        autofocus
      />
      <button>${texts.confirm}</button>
    </form>
    <p class="hint">${texts.phone.neverShare}</p>
  `
}

/** What became of the last message: it did not arrive, or it was the same code again. */
function notice({ texts, sentAgain, message }: Model, challenge: PhoneChallengeView): Html | null {
  const { delivery, deliveryReason } = challenge
  if (delivery === 'failed') {
    return html`<p class="alert" role="alert" id="delivery">
      ${texts.phone.notDelivered[deliveryReason ?? 'not_delivered']}
    </p>`
  }
  if (!sentAgain || message !== undefined) return null
  return html`<p class="notice" role="status">${texts.phone.sentAgain}</p>`
}

/** Asks for a code where none can be typed. */
function sendForm(page: Model, wording: Wording): Html {
  const { passed, texts } = page
  return html`<form method="post" action="${page.mountPath}/challenge">
    <button class="${passed ? 'quiet' : 'main'}">
      ${passed ? texts.phone.confirmAgain : texts.phone.send}
    </button>
    ${waitForSend(page, wording)}
  </form>`
}

/** Asks for the running code once more, perhaps by another way. */
function sendAgainForm(page: Model, challenge: PhoneChallengeView, wording: Wording): Html {
  const { texts } = page
  return html`<section>
    <h2>${texts.phone.nothingCame}</h2>
    <p>${texts.phone.nothingCameAdvice}</p>
    <form method="post" action="${page.mountPath}/challenge">
      <button class="quiet">${texts.phone.sendAgain}</button>
      ${otherChannels(page, challenge)} ${waitForSend(page, wording)}
    </form>
    ${changePhone({ ...page, passed: false })}
  </section>`
}

function waitForSend({ sendInSeconds, texts }: Model, wording: Wording): Html | null {
  if (sendInSeconds === 0) return null
  return countdown(texts.phone.sendIn, sendInSeconds, texts.phone.sendNow, wording)
}

function otherChannels({ channels, texts }: Model, { channel }: PhoneChallengeView): Html[] {
  return channels
    .filter((other) => other !== channel)
    .map(
      (other) =>
        html`<button class="quiet" name="channel" value="${other}">${texts.phone.sendBy[other]}</button>`,
    )
}

/** Scripts count it down, and then show what follows; the place of both is kept, so that nothing jumps. */
function countdown(text: string, seconds: number, afterwards: string, wording: Wording): Html {
  const left = html`<span role="timer" data-left="${seconds}">${wording.duration(seconds)}</span>`
  return html`<p class="hint either">
    <span>${fill(text, { duration: left })}</span><span>${afterwards}</span>
  </p>`
}
