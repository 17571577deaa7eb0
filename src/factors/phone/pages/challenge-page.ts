/** The page that sends a code and asks for its digits. */

import { codeField } from '../../../pages/code-field.js'
import {
  cancelForm,
  goOn,
  hasError,
  otherAccount,
  returnField,
  toChallenge,
  trustBox,
} from '../../../pages/frame.js'
import { fill, html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import { triesLeft, type Wording } from '../../../pages/wording.js'
import type { PhoneChallengeView } from '../rules/view.js'
import { lastDigits } from './last-digits.js'
import type { ChallengePage } from './models.js'
import { challengeMessage, deliveryNotice, optIn } from './what-happened.js'

type Model = PageModel<ChallengePage>

/** The page of this model. */
export function challengePage(model: ChallengePage): PageBody<ChallengePage> {
  const { challenge, verifiesPhone } = model
  const action = !mayType(challenge) ? '/challenge' : verifiesPhone ? '/phone/verify' : '/verify'
  return { model, action, heading, message: challengeMessage, body }
}

function mayType(challenge: PhoneChallengeView | null): challenge is PhoneChallengeView {
  return challenge !== null && challenge.attemptsLeft > 0
}

function heading({ texts, passed, challenge, verifiesPhone }: Model): string {
  if (passed && challenge === null) return texts.headings.passed
  return verifiesPhone ? texts.phone.headings.verify : texts.phone.headings.challenge
}

function body(page: Model, wording: Wording): Html {
  const { challenge, passed, code, retryAt } = page
  const onward = passed && !mayType(challenge) ? goOn(page, page.returnTo) : null
  if (code === 'locked_out') {
    // Typing or requesting a code would only be refused again, but when the lock ends the person needs a way on.
    return html`${onward} ${retryAt === null ? null : toChallenge(page)} ${waysOut(page)}`
  }
  return mayType(challenge)
    ? html`${codeForm(page, challenge, wording)} ${sendAgainForm(page, challenge, wording)}
      ${waysOut(page)}`
    : html`${page.code === 'destination_blocked' ? optIn(page) : null} ${changed(page)} ${onward} ${elsewhere(page)} ${sendForm(page, wording)}
      ${changePhone(page)} ${waysOut(page)}`
}

/** The ways out. Someone who has passed and has no code to type has nothing to cancel. */
function waysOut(page: Model): Html {
  const isAsked = !page.passed || page.challenge !== null
  return html`${isAsked ? cancelForm(page) : null} ${otherAccount(page)}`
}

function changed({ changedTo, texts }: Model): Html | null {
  if (changedTo === null) return null
  const number = lastDigits(changedTo)
  return html`<p class="notice" role="status">${fill(texts.phone.changed, { number })}</p>`
}

function elsewhere({ isElsewhere, texts }: Model): Html | null {
  return isElsewhere ? html`<p class="notice">${texts.phone.elsewhere}</p>` : null
}

function changePhone({ offersPhone, passed, mountPath, texts }: Model): Html | null {
  if (!offersPhone) return null
  return html`<p>
    <a href="${mountPath}/phone">${passed ? texts.phone.changePhone : texts.phone.otherPhone}</a>
  </p>`
}

function codeForm(page: Model, challenge: PhoneChallengeView, wording: Wording): Html {
  const { texts, verifiesPhone, message } = page
  const { attemptsLeft, codeLength, expiresInSeconds } = challenge
  const describedBy = [
    ...(message === null ? [] : ['alert']),
    ...(challenge.delivery === 'failed' ? ['delivery'] : []),
    'hint',
  ]
  return html`
    ${deliveryNotice(page, challenge)}
    <p id="hint">
      ${whereSent(page, challenge)}
      ${page.hasWrongCode && page.code !== 'code_incorrect' ? triesLeft(wording, attemptsLeft) : null}
    </p>
    ${countdown(texts.phone.validFor, expiresInSeconds, texts.refusals.code_expired, wording)}
    <form
      method="post"
      action="${page.action}"
      data-code
      data-otp-transport="sms"
      ${page.submitOnLastDigit ? html`data-submit-on-last-digit` : null}
    >
      ${codeField(page, {
        digits: codeLength,
        format: texts.phone.codeFormat.replace('{digits}', String(codeLength)),
        describedBy,
        isRefused: page.code === 'code_incorrect',
        focus: !hasError(page),
      })}
      ${verifiesPhone ? null : trustBox(page, wording)}
      ${returnField(page.returnTo)}
      <button>${texts.confirm}</button>
    </form>
    <p class="hint">${texts.phone.neverShare}</p>
  `
}

/** Says where the code was sent, unless the message may never have been sent. */
function whereSent({ texts, isInDoubt }: Model, challenge: PhoneChallengeView): Html {
  const { channel, codeLength: digits, destination } = challenge
  return isInDoubt
    ? fill(texts.phone.enterCode, { digits })
    : fill(texts.phone.sent[channel], { digits, number: lastDigits(destination) })
}

/** The form that requests a code, if none can be typed. */
function sendForm(page: Model, wording: Wording): Html {
  const { passed, signsInFirst, texts } = page
  return html`<form method="post" action="${page.action}">
    ${returnField(page.returnTo)}
    <button
      class="${passed ? 'quiet' : 'main'}"
      ${signsInFirst ? html`name="purpose" value="sign-in"` : null}
    >
      ${passed ? texts.phone.confirmAgain : texts.phone.send}
    </button>
    ${waitForSend(page, wording)}
  </form>`
}

/** The form that requests the running code again, perhaps through another channel. */
function sendAgainForm(page: Model, challenge: PhoneChallengeView, wording: Wording): Html {
  const { texts } = page
  return html`<section>
    <h2>${texts.phone.nothingCame}</h2>
    <p>
      ${challenge.channel === 'call' ? null : texts.phone.nothingCameAdvice}
      ${page.verifiesPhone ? texts.phone.checkPhone : lostPhone(page)}
    </p>
    <form method="post" action="${page.mountPath}/challenge">
      ${returnField(page.returnTo)}
      <button class="quiet">${texts.phone.sendAgain}</button>
      ${otherChannels(page, challenge)} ${waitForSend(page, wording)}
    </form>
    ${changePhone({ ...page, passed: false })}
  </section>`
}

function lostPhone({ links, texts }: Model): string {
  return links.length > 0 ? texts.phone.lostPhoneOther : texts.phone.lostPhone
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

/** A countdown. Scripts run it and then show `afterwards`; both keep their space, so the page does not jump. */
function countdown(text: string, seconds: number, afterwards: string, wording: Wording): Html {
  const left = html`<span role="timer" data-left="${seconds}">${wording.duration(seconds)}</span>`
  return html`<p class="hint either">
    <span>${fill(text, { duration: left })}</span><span>${afterwards}</span>
  </p>`
}
