/** The frame of every operators' page. These pages are in English only. */

import { html, render, type Html } from '../pages/html.js'

/** Allows only style sheets of this origin: no scripts, and no style or image from elsewhere. */
export const operationsPolicy = [
  ...["default-src 'none'", "style-src 'self'", "form-action 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'"],
].join('; ')

/** The surroundings of a page. */
export interface OperationsFrame {
  /** The router's path as browsers see it, without a trailing slash. */
  readonly mount: string
  readonly appName: string
  /** Addresses of the style sheets. */
  readonly stylesheets: readonly string[]
  /** Other things than the id that people can be found by, such as `phone`. */
  readonly lookUps: readonly string[]
}

/** Renders a whole page. */
export function operationsDocument(frame: OperationsFrame, title: string, body: Html): string {
  const { mount, appName, stylesheets } = frame
  const named = ['Second factor', ...(appName === '' ? [] : [appName])].join(' · ')
  return render(
    html`<!doctype html>
      <html lang="en" dir="ltr">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title} · ${named}</title>
          ${stylesheets.map((path) => html`<link rel="stylesheet" href="${path}" />`)}
        </head>
        <body class="operations">
          <header>
            <p class="name"><a href="${mount}/">Second factor</a>${appName === '' ? null : html` <bdi>${appName}</bdi>`}</p>
            ${searchForm(frame)}
          </header>
          <main>${body}</main>
        </body>
      </html> `,
  )
}

/** The form uses POST to keep the input out of addresses, and out of logs of addresses. */
function searchForm({ mount, lookUps }: OperationsFrame): Html {
  const label = ['User id', ...lookUps].join(' or ')
  return html`<form class="search" role="search" method="post" action="${mount}/users">
    <label for="find">${label}</label>
    <input id="find" name="find" maxlength="200" required autocomplete="off" spellcheck="false" />
    <button>Look up</button>
  </form>`
}
