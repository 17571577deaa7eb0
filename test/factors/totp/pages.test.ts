/** The app’s pages: one asks for its code, the other sets it up. */

import { describe, expect, test } from 'vitest'

import { qrCode } from '../../../src/factors/totp/qr.js'
import { keyUri } from '../../../src/factors/totp/uri.js'
import { totpPage } from '../../../src/factors/totp/pages/code-page.js'
import type { TotpPage, TotpSetUpPage } from '../../../src/factors/totp/pages/models.js'
import { totpSetUpPage } from '../../../src/factors/totp/pages/set-up-page.js'
import { tagsOf, textOf } from '../../support/html.js'
import { locales, notAllowed, written } from '../written.js'

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

const asking: TotpPage = {
  ...{ name: 'totp', codeLength: 6, usable: true, passed: false, returnTo: '/account' },
}

function settingUp(issuer = 'Example', account = 'alice@example.com'): TotpSetUpPage {
  const uri = keyUri({ issuer, account, secret })
  return { name: 'totp-set-up', secret, uri, qr: qrCode(uri), account, token: 'a.token' }
}

const inputsOf = (body: string) => tagsOf(body, 'input').map(({ name }) => name)

describe('the page that asks for a code', () => {
  test('submits six digits to /verify with the method', () => {
    const { heading, body } = written(totpPage(asking))
    expect(heading).toBe('Enter the code from your app')
    expect(textOf(body)).toContain('enter the 6-digit code')
    expect(tagsOf(body, 'form')[0]).toMatchObject({
      ...{ method: 'post', action: '/second-factor/verify', 'data-code': '' },
    })
    expect(tagsOf(body, 'input')[0]).toMatchObject({
      type: 'hidden',
      name: 'method',
      value: 'totp',
    })
    expect(tagsOf(body, 'input')[1]).toMatchObject({
      ...{ name: 'code', inputmode: 'numeric', autocomplete: 'one-time-code', dir: 'ltr' },
      ...{ 'aria-describedby': 'hint', 'data-digits': '6', required: '', autofocus: '' },
    })
    expect(body).not.toContain('data-submit-on-last-digit')
    expect(written(totpPage(asking), { submitOnLastDigit: true }).body).toContain(
      'data-submit-on-last-digit',
    )
  })

  test('mentions clocks after a wrong code, and asks to wait after a used one', () => {
    const wrong = written(totpPage(asking), { code: 'code_incorrect', message: 'No.' })
    expect(textOf(wrong.body)).toContain('sets its time automatically')
    expect(tagsOf(wrong.body, 'input')[1]).toMatchObject({
      'aria-invalid': 'true',
      'aria-describedby': 'alert hint',
    })
    const used = written(totpPage(asking), { code: 'code_used', message: 'Used.' })
    expect(textOf(used.body)).toContain('Wait for the next one')
    expect(textOf(used.body)).not.toContain('automatically')
  })

  test('says how many digits are expected after malformed input, with the cursor in the field', () => {
    const around = { code: 'malformed_request', message: 'No.' } as const
    expect(written(totpPage(asking), around)).toMatchObject({
      message: 'Open your authenticator app and enter the 6-digit code for this account.',
    })
    expect(written(totpPage(asking), { ...around, code: 'code_used' }).message).toBeUndefined()
    expect(written(totpPage(asking), around).body).not.toContain('autofocus')
  })

  test('has no field during a lock, and a link to reload the page after it', () => {
    const { body } = written(totpPage(asking), { code: 'locked_out', retryAt: new Date() })
    expect(inputsOf(body)).toEqual([])
    expect(tagsOf(body, 'a')).toMatchObject([{ href: '/second-factor/' }])
    expect(tagsOf(written(totpPage(asking), { code: 'locked_out' }).body, 'a')).toEqual([])
  })

  test('has no field if no code could be judged, nor once the session has passed', () => {
    expect(inputsOf(written(totpPage({ ...asking, usable: false })).body)).toEqual([])
    const passed = written(totpPage({ ...asking, passed: true }))
    expect(inputsOf(passed.body)).toEqual([])
    expect(tagsOf(passed.body, 'a')).toMatchObject([{ href: '/account' }])
    expect(tagsOf(passed.body, 'form')).toMatchObject([{ action: '/logout' }])
  })

  test('can be left for another account or the previous page', () => {
    const forms = tagsOf(written(totpPage(asking)).body, 'form').map(({ action }) => action)
    expect(forms).toEqual(['/second-factor/verify', '/second-factor/cancel', '/logout'])
  })
})

describe('the page that sets an app up', () => {
  test('shows the QR code, a link with the same URI, and the key in groups of four', () => {
    const { heading, body } = written(totpSetUpPage(settingUp()))
    expect(heading).toBe('Set up an authenticator app')
    expect(body).toContain(`<path d="${settingUp().qr.path}" fill="#000" />`)
    expect(tagsOf(body, 'svg')).toMatchObject([{ role: 'img' }])
    expect(tagsOf(body, 'a')[0]?.['href']?.replaceAll('&amp;', '&')).toBe(settingUp().uri)
    expect(body).toContain('JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP</code>')
    expect(textOf(body)).toContain('Your app will list it as alice@example.com')
  })

  test('sends the first code with the token', () => {
    const { body } = written(totpSetUpPage(settingUp()))
    expect(tagsOf(body, 'form')).toMatchObject([
      { method: 'post', action: '/second-factor/factors/totp/confirm' },
    ])
    expect(tagsOf(body, 'input')[0]).toMatchObject({ name: 'setup', value: 'a.token' })
    expect(inputsOf(body)).toEqual(['setup', 'code'])
    // A browser would scroll to the field, past the QR code.
    expect(body).not.toContain('autofocus')
  })

  test('keeps its QR code and key after a wrong code and marks the field', () => {
    const { body } = written(totpSetUpPage(settingUp()), { code: 'code_incorrect', message: 'No.' })
    expect(body).toContain(settingUp().qr.path)
    expect(body).toContain('aria-invalid="true"')
  })

  test('escapes names: an account called <script> is plain text', () => {
    const evil = settingUp('"><script>', `</bdi><img src=x onerror="alert(1)"> \u202E'`)
    const { body } = written(totpSetUpPage(evil))
    expect(body).not.toMatch(/<script|<img/)
    expect(tagsOf(body, 'img')).toEqual([])
    expect(body).toContain('&lt;img src=x')
  })
})

describe.each(locales)('the pages in %s', (locale) => {
  test.each(['none', 'code_incorrect', 'code_used'] as const)(
    'break no content policy and leave no placeholder: %s',
    (code) => {
      const around = code === 'none' ? {} : { code, message: 'No.' }
      for (const page of [
        written(totpPage(asking), around, locale),
        written(totpPage({ ...asking, passed: true }), around, locale),
        written(totpSetUpPage(settingUp()), around, locale),
      ]) {
        expect(page.body).not.toMatch(notAllowed)
        expect(page.heading.trim()).not.toBe('')
      }
    },
  )
})
