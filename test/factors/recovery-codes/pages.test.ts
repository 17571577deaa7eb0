/** The recovery code pages: one asks for a code, one shows new ones, and a section shows how many are left. */

import { describe, expect, test } from 'vitest'

import { recoveryPage } from '../../../src/factors/recovery-codes/pages/code-page.js'
import { codesPage } from '../../../src/factors/recovery-codes/pages/codes-page.js'
import type {
  RecoveryCodesPage,
  RecoveryPage,
} from '../../../src/factors/recovery-codes/pages/models.js'
import { codesSection } from '../../../src/factors/recovery-codes/pages/codes-section.js'
import { tagsOf, textOf } from '../../support/html.js'
import { locales, notAllowed, written } from '../written.js'

const asking: RecoveryPage = {
  ...{ name: 'recovery', usable: true, passed: false, returnTo: '/account' },
}

const showing: RecoveryCodesPage = {
  name: 'recovery-codes',
  codes: ['AAAA-BBBB-CCCC-DDDD-EEEE-FFFF', '0000-1111-2222-3333-4444-5555'],
  replacesOthers: false,
  token: 'a.token',
  returnTo: '/account',
}

const section = (left: number) => ({
  model: { name: 'section' },
  heading: () => 'Recovery codes',
  body: (page: Parameters<typeof codesSection>[1]) => codesSection({ left, total: 10 }, page),
})

describe('the page that asks for a code', () => {
  test('submits it to /verify with the method', () => {
    const { heading, body } = written(recoveryPage(asking))
    expect(heading).toBe('Enter a recovery code')
    expect(tagsOf(body, 'form')[0]).toMatchObject({ action: '/second-factor/verify' })
    expect(tagsOf(body, 'input')).toMatchObject([
      { type: 'hidden', name: 'method', value: 'recovery-code' },
      { name: 'code', autocomplete: 'off', dir: 'ltr', 'aria-describedby': 'hint', required: '' },
      { type: 'hidden', name: 'returnTo', value: '/account' },
    ])
  })

  test.each(['code_incorrect', 'code_used', 'malformed_request'] as const)(
    'marks the field after %s',
    (code) => {
      const { body } = written(recoveryPage(asking), { code, message: 'No.' })
      expect(tagsOf(body, 'input')[1]).toMatchObject({
        'aria-invalid': 'true',
        'aria-describedby': 'alert hint',
      })
    },
  )

  test('says what a code looks like after malformed input', () => {
    const around = { code: 'malformed_request', message: 'No.' } as const
    expect(written(recoveryPage(asking), around).message).toContain('24 letters and digits')
    expect(written(recoveryPage(asking), { code: 'code_used' }).message).toBeUndefined()
    expect(written(recoveryPage(asking)).body).toContain('autofocus')
    expect(written(recoveryPage(asking), around).body).not.toContain('autofocus')
  })

  test('keeps its field during a lock, because a right code ends it', () => {
    const { body } = written(recoveryPage(asking), { code: 'locked_out', message: 'Locked.' })
    expect(tagsOf(body, 'input')[1]).toMatchObject({ name: 'code' })
    expect(tagsOf(body, 'input')[1]).not.toHaveProperty('aria-invalid')
  })

  test('has no field if no code is left, nor once the session has passed', () => {
    const unusable = written(recoveryPage({ ...asking, usable: false }))
    expect(tagsOf(unusable.body, 'input')).toEqual([])
    const passed = written(recoveryPage({ ...asking, passed: true }))
    expect(tagsOf(passed.body, 'input')).toEqual([])
    expect(tagsOf(passed.body, 'a')).toMatchObject([{ href: '/account' }])
    expect(tagsOf(passed.body, 'form')).toMatchObject([{ action: '/logout' }])
  })
})

describe('the page that shows new codes', () => {
  const { heading, body } = written(codesPage(showing))

  test('lists them and nothing else that looks like one', () => {
    expect(heading).toBe('Save your recovery codes')
    expect(body.match(/<li><code>([^<]*)<\/code><\/li>/g)).toEqual(
      showing.codes.map((code) => `<li><code>${code}</code></li>`),
    )
  })

  test('is confirmed by a check box and a button, with the token', () => {
    expect(tagsOf(body, 'form')[1]).toMatchObject({
      ...{ method: 'post', action: '/second-factor/factors/recovery/confirm' },
    })
    expect(tagsOf(body, 'input').slice(1)).toMatchObject([
      { type: 'hidden', name: 'setup', value: 'a.token' },
      { type: 'checkbox', name: 'saved', required: '' },
    ])
  })

  test('offers a download without a script, and buttons that a script reveals', () => {
    expect(tagsOf(body, 'form')[0]).toMatchObject({
      ...{ method: 'post', action: '/second-factor/factors/recovery/file', 'data-download': '' },
    })
    expect(tagsOf(body, 'input')[0]).toMatchObject({ name: 'setup', value: 'a.token' })
    expect(tagsOf(body, 'button').slice(0, 2)).toMatchObject([
      { type: 'button', hidden: '', 'data-copy': 'codes', 'data-done': 'Copied' },
      { type: 'button', hidden: '', 'data-print': '' },
    ])
  })

  test('says that older codes stop working only if there are some', () => {
    expect(textOf(body)).not.toContain('old recovery codes')
    const other = written(codesPage({ ...showing, replacesOthers: true }))
    expect(textOf(other.body)).toContain('old recovery codes')
  })
})

describe('the section for a set', () => {
  test('shows how many codes are left, and warns at three or fewer', () => {
    for (const left of [10, 4]) {
      const { body } = written(section(left))
      expect(textOf(body)).toContain(`Codes left: ${left} of 10`)
      expect(body).not.toContain('class="alert"')
    }
    for (const left of [3, 1, 0]) expect(written(section(left)).body).toContain('class="alert"')
  })

  test('leads to new codes', () => {
    expect(tagsOf(written(section(3)).body, 'a')).toMatchObject([
      { href: '/second-factor/factors/recovery' },
    ])
  })
})

describe.each(locales)('the pages in %s', (locale) => {
  test('break no content policy and leave no placeholder', () => {
    for (const page of [
      written(recoveryPage(asking), {}, locale),
      written(recoveryPage({ ...asking, passed: true }), {}, locale),
      written(codesPage({ ...showing, replacesOthers: true }), {}, locale),
      written(section(2), {}, locale),
    ]) {
      expect(page.body).not.toMatch(notAllowed)
      expect(page.heading.trim()).not.toBe('')
    }
  })
})
