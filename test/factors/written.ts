/** Writes a page body as a browser receives it, without an application around it. */

import { render } from '../../src/pages/html.js'
import type { Page, PageBody, PageFrame, PageModel } from '../../src/pages/page.js'
import { createWordings } from '../../src/pages/wording.js'

const wordings = createWordings()

/** The languages that come with the package. */
export const { locales } = wordings

/** A page as it is written. */
export interface Written {
  readonly heading: string
  /** The sentence that this page has for a refusal in place of the usual one. */
  readonly message: string | undefined
  readonly body: string
}

/** The page in a language, with what else is on it. */
export function written<P extends Page>(
  content: PageBody<P>,
  around: Partial<PageFrame> = {},
  locale = 'en',
): Written {
  const wording = wordings([locale])
  const { action = null } = content
  const frame = {
    ...{ locale, direction: wording.direction, texts: wording.texts },
    ...{ appName: 'Example', mountPath: '/second-factor', logoutPath: '/logout' },
    ...{ logoutMethod: 'POST', csrf: null, action: action && `/second-factor${action}` },
    ...{ message: null, code: null, retryAt: null, retryAfterSeconds: null },
    ...{ submitOnLastDigit: false, trustDays: null },
    ...around,
  }
  const page = { ...content.model, ...frame } as PageModel<P>
  return {
    heading: content.heading(page),
    message: content.message?.(page, wording),
    body: `<body>${render(content.body(page, wording))}</body>`,
  }
}

/** Markup that the content security policy would block, and unfilled placeholders. */
export const notAllowed =
  /\sstyle=|<script|<style|\son\w+=|javascript:|\{[a-z]{3,}\}|undefined|\[object/
