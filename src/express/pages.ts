/** The default pages: plain, accessible, working without JavaScript; each can be an application's own view. */

import { createHash } from 'node:crypto'

import type { Response } from 'express'

import type { ChallengeView } from '../core/view.js'
import { challengeUrl, type HttpContext } from './context.js'
import { deliveryNotice } from './delivery-notice.js'
import { html, render, type Html } from './html.js'
import type { Page, PageLocals } from './page.js'
import { duration } from './problem.js'
import { stylesheet } from './stylesheet.js'

/** Made apart from the page: the policy below allows exactly these bytes. */
const styleElement = html([`<style>${stylesheet}</style>`])

const policyOfPages = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(stylesheet).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** Sends a page, or has Express render the application's own view with the same locals. */
export function sendPage(context: HttpContext, res: Response, page: Page): Promise<void> {
  const { appName, mountPath, loginPath } = context
  const locals: PageLocals = { ...page, appName, mountPath, loginPath }
  // `no-referrer` would make browsers send "Origin: null" with our own forms.
  res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' })
  const view = context.views[page.name]
  if (view === undefined) {
    res.set({
      'Content-Security-Policy': policyOfPages,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    })
    res.type('html').send(render(document(context, locals)))
    return Promise.resolve()
  }
  return new Promise((resolve, reject) => {
    res.render(view, { ...locals }, (error: Error | null, text?: string) => {
      if (error !== null) {
        reject(error)
        return
      }
      res.type('html').send(text)
      resolve()
    })
  })
}

function document(context: HttpContext, page: PageLocals): Html {
  const heading = headings[page.name]
  const title = page.appName === '' ? heading : `${heading} · ${page.appName}`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <main>
          ${page.appName === '' ? '' : html`<p class="app">${page.appName}</p>`}
          <h1>${heading}</h1>
          ${page.message === undefined ? '' : html`<p role="alert">${page.message}</p>`}
          ${bodies[page.name](context, page)}
        </main>
      </body>
    </html> `
}

const headings: Readonly<Record<Page['name'], string>> = {
  challenge: 'Confirm it is you',
  phone: 'Your phone number',
  message: 'Second factor',
}

const bodies: Readonly<Record<Page['name'], (context: HttpContext, page: PageLocals) => Html>> = {
  challenge: challengeBody,
  phone: (_context, page) =>
    html`<p>When you log in, a code is sent to this number.</p>
      ${phoneForm(page)}`,
  message: (context, page) =>
    page.code === 'login_required' && page.loginPath !== null
      ? html`<p><a href="${page.loginPath}">Log in</a></p>`
      : html`<p><a href="${challengeUrl(context)}">Go to the code page</a></p>`,
}

function challengeBody(_context: HttpContext, page: PageLocals): Html {
  const { challenge } = page
  return html`
    ${
      page.passed === true && challenge === undefined
        ? html`<p>You have confirmed it. <a href="${page.returnTo ?? '/'}">Continue</a></p>`
        : ''
    }
    ${challenge === undefined ? '' : codeForm(page, challenge)} ${sendForm(page, challenge)}
    ${
      page.mayChangePhone === true
        ? html`<details>
            <summary>Use another number</summary>
            ${phoneForm(page)}
          </details>`
        : ''
    }
  `
}

function codeForm(page: PageLocals, challenge: ChallengeView): Html {
  const action = page.confirmsPhone === true ? '/phone/verify' : '/verify'
  const { attemptsLeft, codeLength, destination, expiresInSeconds } = challenge
  const notice = deliveryNotice(challenge)
  return html`
    ${notice === null ? '' : html`<p role="alert">${notice}</p>`}
    <p id="hint">
      A code of ${codeLength} digits was sent to <b>${destination}</b>. It is valid for
      ${duration(expiresInSeconds)}, and ${attemptsLeft}
      ${attemptsLeft === 1 ? 'try is' : 'tries are'} left.
    </p>
    <form method="post" action="${page.mountPath}${action}">
      <label for="code">Code</label>
      <input
        id="code"
        name="code"
        type="text"
        inputmode="numeric"
        autocomplete="one-time-code"
        maxlength="${codeLength * 2}"
        aria-describedby="hint"
        required
        autofocus
      />
      <button>Confirm</button>
    </form>
  `
}

function sendForm(page: PageLocals, challenge: ChallengeView | undefined): Html {
  if (challenge === undefined) {
    return html`<form method="post" action="${page.mountPath}/challenge">
      <button>${page.passed === true ? 'Confirm again with a new code' : 'Send me a code'}</button>
    </form>`
  }
  const wait = challenge.resendInSeconds
  return html`<form method="post" action="${page.mountPath}/challenge">
    <button class="quiet">Send the code again</button>
    ${wait === 0 ? '' : html`<p class="wait">Possible in ${duration(wait)}.</p>`}
  </form>`
}

function phoneForm(page: PageLocals): Html {
  return html`<form method="post" action="${page.mountPath}/phone">
    <label for="phone">Phone number, with country code</label>
    <input
      id="phone"
      name="phone"
      type="tel"
      autocomplete="tel"
      placeholder="+237 6 71 23 45 67"
      maxlength="32"
      required
    />
    <button>Send a code to this number</button>
  </form>`
}
