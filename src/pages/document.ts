/** Renders the default pages as whole documents: the frame around every body. */

import { accountLine, hasError, otherWays, supportLine } from './frame.js'
import { html, render, type Html } from './html.js'
import type { Page, PageBody, PageModel } from './page.js'
import type { Wording } from './wording.js'

/**
 * The content security policy of the default pages: only their own style, script and images. It sets no `form-action`,
 * because browsers also apply that to redirects after a form: after a right code or a logout, nobody could be
 * redirected to another origin, such as an OAuth client. The pages contain only their own forms, and nothing from
 * outside could add one.
 */
export const pagePolicy = [
  ...["default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'"],
].join('; ')

/** The part of the policy that also applies to the application's own views. */
export const framePolicy = "frame-ancestors 'none'"

/** Renders a whole page. */
export function renderPage<P extends Page>(
  content: PageBody<P>,
  page: PageModel<P>,
  wording: Wording,
): string {
  const heading = content.heading(page)
  const named = page.appName === '' ? heading : `${heading} · ${page.appName}`
  const title = hasError(page) ? page.texts.errorTitle.replace('{heading}', () => named) : named
  const text = render(
    html`<!doctype html>
      <html lang="${page.locale}" dir="${page.direction}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title}</title>
          ${page.stylesheets.map((path) => html`<link rel="stylesheet" href="${path}" />`)}
          <script type="module" src="${page.script}"></script>
          ${page.ownScripts.map((path) => html`<script type="module" src="${path}"></script>`)}
        </head>
        <body>
          <main data-working="${page.texts.working}">
            ${brand(page)}
            <h1>${heading}</h1>
            ${accountLine(page)} ${alert(page, wording)} ${content.body(page, wording)}
            ${otherWays(page)} ${supportLine(page)}
          </main>
        </body>
      </html> `,
  )
  return withCsrfField(text, page)
}

/**
 * Adds the application's CSRF token to every form that posts, including forms of factors. Values are escaped, so the
 * pattern matches tags only.
 */
function withCsrfField(text: string, { csrf }: PageModel): string {
  if (csrf === null) return text
  const field = render(html`<input type="hidden" name="${csrf.field}" value="${csrf.token}" />`)
  return text.replace(/<form\b[^>]*\bmethod="post"[^>]*>/g, (form) => form + field)
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

/** The reason for a refusal. It gets the focus, so that nobody misses it. */
function alert(page: PageModel, wording: Wording): Html | null {
  if (page.message === null) return null
  return html`<p
    class="alert"
    role="alert"
    id="alert"
    ${hasError(page) ? html`tabindex="-1" autofocus` : null}
  >
    ${withLocalTime(page.message, page.retryAt, wording)}
  </p>`
}

/** Marks the time in the sentence, so that a script can show it in the person's own time zone. */
function withLocalTime(message: string, at: Date | null, wording: Wording): Html {
  const time = at === null ? null : wording.time(at)
  const [before = '', after] = time === null ? [message] : message.split(time)
  if (at === null || after === undefined) return html`${message}`
  return html`${before}<time datetime="${at.toISOString()}" data-local>${time}</time>${after}`
}
