/** The body of the page that asks for a code, and for the digits of one that was sent. */

import type { ChallengeView } from '../core/view.js'
import { fill, html, type Html } from './html.js'
import type { ChallengePage, PageFrame, PageModel } from './page.js'
import { triesLeft, type Wording } from './wording.js'

type Model = PageModel<ChallengePage>

/** What the page is about: a sign-in, a number, or nothing any more. */
export function challengeHeading({ texts, passed, challenge, confirmsPhone }: Model): string {
  if (passed && challenge === null) return texts.headings.passed
  return confirmsPhone ? texts.headings.confirmNumber : texts.headings.challenge
}

export function challengeBody(page: Model, wording: Wording): Html {
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
    : html`${onward} ${sendForm(page, wording)} ${changeNumber(page)} ${otherAccount(page)}`
}

/** The page as it is by then; a reload would send the refused form once more. */
function toChallenge({ mountPath, texts }: PageFrame): Html {
  return html`<p><a class="button" href="${mountPath}/">${texts.toChallenge}</a></p>`
}

/** Leaves the half-finished login, where the application has a path for that. */
export function otherAccount({ logoutPath, texts }: PageFrame): Html | null {
  if (logoutPath === null) return null
  return html`<form class="aside" method="post" action="${logoutPath}">
    <button class="link">${texts.otherAccount}</button>
  </form>`
}

function goOn({ texts, returnTo }: Model): Html {
  return html`
    <p>${texts.passed}</p>
    <p><a class="button" href="${returnTo}">${texts.goOn}</a></p>
  `
}

function changeNumber({ offersPhone, passed, mountPath, texts }: Model): Html | null {
  if (!offersPhone) return null
  return html`<p>
    <a href="${mountPath}/phone">${passed ? texts.changeNumber : texts.otherNumber}</a>
  </p>`
}

function codeForm(page: Model, challenge: ChallengeView, wording: Wording): Html {
  const { texts, confirmsPhone, mountPath, message } = page
  const { attemptsLeft, channel, codeLength, destination, expiresInSeconds } = challenge
  const format = texts.codeFormat.replace('{digits}', String(codeLength))
  const described = [
    ...(message === undefined ? [] : ['alert']),
    ...(challenge.delivery === 'failed' ? ['delivery'] : []),
    'hint',
  ].join(' ')
  return html`
    ${notice(page, challenge)}
    <p id="hint">
      ${fill(texts.sent[channel], {
        digits: codeLength,
        number: html`<bdi dir="ltr">${destination}</bdi>`,
      })}
      ${page.code === 'code_incorrect' ? null : triesLeft(wording, attemptsLeft)}
    </p>
    ${countdown(texts.validFor, expiresInSeconds, texts.refusals.code_expired, wording)}
    <form
      method="post"
      action="${mountPath}${confirmsPhone ? '/phone/verify' : '/verify'}"
      data-code
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
        pattern="[ \\-]*([0-9][ \\-]*){${codeLength}}"
        title="${format}"
        maxlength="${codeLength * 2}"
        data-digits="${codeLength}"
        aria-describedby="${described}"
        ${page.code === 'code_incorrect' ? html`aria-invalid="true"` : null}
        required
        autofocus
      />
      <button>${texts.confirm}</button>
    </form>
    <p class="hint">${texts.neverShare}</p>
  `
}

/** What became of the last message: it did not arrive, or it was the same code again. */
function notice({ texts, sentAgain, message }: Model, challenge: ChallengeView): Html | null {
  const { delivery, deliveryReason } = challenge
  if (delivery === 'failed') {
    return html`<p class="alert" role="alert" id="delivery">
      ${texts.notDelivered[deliveryReason ?? 'not_delivered']}
    </p>`
  }
  if (!sentAgain || message !== undefined) return null
  return html`<p class="notice" role="status">${texts.sentAgain}</p>`
}

/** Asks for a code where none can be typed. */
function sendForm(page: Model, wording: Wording): Html {
  const { passed, texts } = page
  return html`<form method="post" action="${page.mountPath}/challenge">
    <button class="${passed ? 'quiet' : 'main'}">
      ${passed ? texts.confirmAgain : texts.send}
    </button>
    ${waitForSend(page, wording)}
  </form>`
}

/** Asks for the running code once more, perhaps by another way. */
function sendAgainForm(page: Model, challenge: ChallengeView, wording: Wording): Html {
  const { texts } = page
  return html`<section>
    <h2>${texts.nothingCame}</h2>
    <p>${texts.nothingCameAdvice}</p>
    <form method="post" action="${page.mountPath}/challenge">
      <button class="quiet">${texts.sendAgain}</button>
      ${otherChannels(page, challenge)} ${waitForSend(page, wording)}
    </form>
    ${changeNumber({ ...page, passed: false })}
  </section>`
}

function waitForSend({ sendInSeconds, texts }: Model, wording: Wording): Html | null {
  if (sendInSeconds === 0) return null
  return countdown(texts.sendIn, sendInSeconds, texts.sendNow, wording)
}

function otherChannels({ channels, texts }: Model, { channel }: ChallengeView): Html[] {
  return channels
    .filter((other) => other !== channel)
    .map(
      (other) =>
        html`<button class="quiet" name="channel" value="${other}">${texts.sendBy[other]}</button>`,
    )
}

/** Scripts count it down, and then show what follows; the place of both is kept, so that nothing jumps. */
function countdown(text: string, seconds: number, afterwards: string, wording: Wording): Html {
  const left = html`<span role="timer" data-left="${seconds}">${wording.duration(seconds)}</span>`
  return html`<p class="hint either">
    <span>${fill(text, { duration: left })}</span><span>${afterwards}</span>
  </p>`
}
