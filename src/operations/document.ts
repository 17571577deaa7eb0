/** What is around every page of operators. They are written in English. */

import { html, render, type Html } from '../pages/html.js'

/** Nothing but our own style sheets: no script, and no style or picture of anybody else's. */
export const operationsPolicy = [
  ...["default-src 'none'", "style-src 'self'", "form-action 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'"],
].join('; ')

/** Where a page stands. */
export interface OperationsFrame {
  /** The router's path as browsers see it, without a trailing slash. */
  readonly mount: string
  readonly appName: string
  /** Addresses of the style sheets. */
  readonly stylesheets: readonly string[]
  /** What people can be found by beside their id, such as `phone`. */
  readonly lookUps: readonly string[]
}

/** Writes a page. */
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

/** Sent by POST, so that what is typed stands in no address, and in no log of addresses. */
function searchForm({ mount, lookUps }: OperationsFrame): Html {
  const label = ['User id', ...lookUps].join(' or ')
  return html`<form class="search" role="search" method="post" action="${mount}/users">
    <label for="find">${label}</label>
    <input id="find" name="find" maxlength="200" required autocomplete="off" spellcheck="false" />
    <button>Look up</button>
  </form>`
}
