/** The default pages as whole documents: what is around every body. */

import { accountLine, hasError, otherWays, supportLine } from './frame.js'
import { html, render, type Html } from './html.js'
import type { Page, PageBody, PageModel } from './page.js'
import type { Wording } from './wording.js'

/**
 * The content security policy of the default pages: nothing but their own style, script and pictures. It does not say
 * where forms may lead: browsers hold the redirects after a form to that too, so that nobody would get on to a page of
 * another origin, such as that of an OAuth client, after a right code or a logout. The pages have no forms but their
 * own, and no script or text of anybody else's could add one.
 */
export const pagePolicy = [
  ...["default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'"],
].join('; ')

/** The part of it that holds for the application's own views as well. */
export const framePolicy = "frame-ancestors 'none'"

/** Writes a page. */
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

/** Puts the application's token into every form that posts, that of a factor of its own included. Values are escaped. */
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

/** The reason of a refusal. The cursor is on it, so that nobody misses it. */
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

/** Scripts show the time in the person's own zone, where the sentence holds one. */
function withLocalTime(message: string, at: Date | null, wording: Wording): Html {
  const time = at === null ? null : wording.time(at)
  const [before = '', after] = time === null ? [message] : message.split(time)
  if (at === null || after === undefined) return html`${message}`
  return html`${before}<time datetime="${at.toISOString()}" data-local>${time}</time>${after}`
}
