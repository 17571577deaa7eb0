/** People without an account register. */

import { beforeAll, describe, expect, test } from 'vitest'

import type { Browser } from '../support/browser.js'
import { expectOwnProblem } from '../support/example-problem.js'
import { inboxOf, newDatabase, startExample, verify, type Example } from '../support/example.js'
import { tagsOf, textOf } from '../support/html.js'
import { together } from '../support/in-or-out.js'

let example: Example
beforeAll(async () => {
  example = await startExample({ DATABASE_URL: newDatabase() })
})

describe('a registration', () => {
  const phone = '+33612345678'

  test('creates a user and logs in, and the first right code verifies the phone', async () => {
    const browser = example.browser()
    const answer = await browser.post('/register', {
      username: 'erin',
      password: 'new-password-1',
      phone,
    })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      user: { username: 'erin' },
      next: '/second-factor/',
      challenge: expect.objectContaining({ status: 'pending', destination: '••••78' }) as object,
    })
    expect((await verify(browser, await example.codeFor(phone))).status).toBe(200)
    expect((await browser.get('/account')).json).toEqual({ user: { username: 'erin' } })
  })

  test('with somebody else’s phone does not stop its owner from verifying it later', async () => {
    const phone = '+33612345683'
    const fields = { password: 'new-password-6', phone }
    const stranger = example.browser()
    await stranger.post('/register', { ...fields, username: 'mallory' })
    const owner = example.browser()
    await owner.post('/register', { ...fields, username: 'olivia' })
    expect((await verify(owner, await example.codeFor(phone))).status).toBe(200)

    const anybody = example.browser()
    expect((await anybody.post('/otp/generate', { phone_number: phone })).status).toBe(200)
    const otp = await example.codeFor(phone)
    expect((await anybody.post('/otp/verify', { phone_number: phone, otp })).status).toBe(200)
    const shown = async (browser: Browser) => textOf((await browser.page('/profile')).text)
    expect(await shown(stranger)).toContain('Phone number not verified yet')
    expect(await shown(owner)).toContain('Phone number verified')
  })

  test('by a form redirects with 303', async () => {
    const fields = { username: 'frank', password: 'new-password-2', phone: '+33 6 12 34 56 79' }
    const answer = await example.browser().submit('/register', fields)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/second-factor/'])
    expect(await example.codeFor('+33612345679')).toMatch(/^\d{6}$/)
  })

  test('with a taken name is refused', async () => {
    const taken = { username: 'alice', password: 'mine-now', phone }
    expectOwnProblem(await example.browser().post('/register', taken), 409, 'username_taken')
    const page = await example.browser().submit('/register', taken)
    expect([page.status, page.text.includes('That user name is taken.')]).toEqual([409, true])
    const old = await example.browser().post('/login', { username: 'alice', password: 'mine-now' })
    expect(old.status).toBe(401)
  })

  test('of one name twenty times at once creates one user', async () => {
    const fields = { username: 'grace', password: 'new-password-3', phone: '+33612345680' }
    const answers = await together(20, () => example.browser().post('/register', fields))
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array<number>(19).fill(409),
    ])
    expect(await inboxOf(example.url, fields.phone)).toHaveLength(1)
  })

  test.each([
    ['destination_invalid', '12345'],
    ['destination_invalid', '+33 6 12 34 56 78 ext. 9'],
    ['destination_blocked', '+33 899 12 34 56'],
  ])('with a phone that is %s is refused: %s', async (code, unusable) => {
    const fields = { username: 'henry', password: 'new-password-4', phone: unusable }
    expectOwnProblem(await example.browser().post('/register', fields), 422, code)
    expect((await example.browser().post('/login', fields)).status).toBe(401)
  })

  test('marks each wrong field, says why, and keeps what was typed except the password', async () => {
    const typed = { username: 'irene', password: '7 chars', phone: '+33 6 12' }
    const refused = await example.browser().submit('/register', typed)
    expect(refused.status).toBe(422)
    const fields = tagsOf(refused.text, 'input').map((field) => [
      field['name'],
      field['value'],
      field['aria-invalid'] ?? 'false',
      'autofocus' in field,
      field['aria-describedby'],
    ])
    expect(fields).toEqual([
      ['username', 'irene', 'false', false, undefined],
      ['password', '', 'true', true, 'password-hint password-error'],
      ['phone', '+33 6 12', 'true', false, 'phone-hint phone-error'],
    ])
    expect(refused.text).toContain('<title>Error: Create an account')
    expect(refused.text).toContain(
      'id="password-error" role="alert">Enter a password of at least 8 characters.',
    )
    expect(textOf(refused.text)).toContain('We can’t text that number.')
    expectOwnProblem(await example.browser().post('/register', typed), 422, 'destination_invalid')
  })

  test('accepts a password of any eight characters but none of seven', async () => {
    const short = { username: 'judy', password: '\u{1F511}'.repeat(7), phone: '+33612345681' }
    expectOwnProblem(await example.browser().post('/register', short), 422, 'password_too_short')
    const long = { ...short, password: `${short.password}a` }
    expect((await example.browser().post('/register', long)).status).toBe(200)
  })

  test('accepts a pasted phone, however many invisible characters it contains', async () => {
    const phone = '+33612345682'.replace(/\d/g, '$&\u200b\u2060')
    expect(phone.length).toBeGreaterThan(32)
    const fields = { username: 'karl', password: 'new-password-5', phone }
    expect((await example.browser().post('/register', fields)).status).toBe(200)
    expect(await example.codeFor('+33612345682')).toMatch(/^\d{6}$/)
  })
})
