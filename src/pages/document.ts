/** The default pages as whole documents: what is around each, and which body is whose. */

import { challengeBody, challengeHeading } from './challenge-page.js'
import { fill, html, render, type Html } from './html.js'
import { messageBody } from './message-page.js'
import type { PageModel } from './page.js'
import { phoneBody } from './phone-page.js'
import type { Wording } from './wording.js'

/** The content security policy of the default pages: nothing but their own style, script and pictures. */
export const pagePolicy = [
  ...["default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'"],
  ...["form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"],
].join('; ')

/** Writes a page. */
export function renderPage(page: PageModel, wording: Wording): string {
  const heading = headingOf(page)
  const title = page.appName === '' ? heading : `${heading} · ${page.appName}`
  return render(
    html`<!doctype html>
      <html lang="${page.locale}" dir="${page.direction}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title}</title>
          ${page.stylesheets.map((path) => html`<link rel="stylesheet" href="${path}" />`)}
          <script type="module" src="${page.script}"></script>
        </head>
        <body>
          <main>
            ${brand(page)}
            <h1>${heading}</h1>
            ${alert(page, wording)} ${body(page, wording)}
          </main>
        </body>
      </html> `,
  )
}

function headingOf(page: PageModel): string {
  return page.name === 'challenge' ? challengeHeading(page) : page.texts.headings[page.name]
}

function body(page: PageModel, wording: Wording): Html {
  if (page.name === 'challenge') return challengeBody(page, wording)
  return page.name === 'phone' ? phoneBody(page) : messageBody(page)
}

function brand({ appName, logo }: PageModel): Html | null {
  if (logo !== null) {
    const { path, width, height } = logo
    return html`<p class="brand">
      <img src="${path}" alt="${appName}" width="${width}" height="${height}" />
    </p>`
  }
  return appName === '' ? null : html`<p class="brand">${appName}</p>`
}

/** Why something was refused; of a lock also when it ends, which scripts tell in the person's own time zone. */
function alert({ message, code, retryAt, texts }: PageModel, wording: Wording): Html | null {
  if (message === undefined) return null
  const end =
    code === 'locked_out' && retryAt !== undefined
      ? html` ${fill(texts.lockedUntil, { time: localTime(retryAt, wording) })}`
      : null
  return html`<p class="alert" role="alert" id="alert">${message}${end}</p>`
}

function localTime(at: Date, wording: Wording): Html {
  return html`<time datetime="${at.toISOString()}" data-local>${wording.time(at)}</time>`
}
