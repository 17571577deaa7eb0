/** People without an account register. */

import { beforeAll, describe, expect, test } from 'vitest'

import { expectOwnProblem } from '../support/example-problem.js'
import { inboxOf, newDatabase, startExample, verify, type Example } from '../support/example.js'
import { together } from '../support/in-or-out.js'

let example: Example
beforeAll(async () => {
  example = await startExample({ DATABASE_URL: newDatabase() })
})

describe('a registration', () => {
  const phone = '+33612345678'

  test('makes a user and logs in; the first right code verifies the phone', async () => {
    const browser = example.browser()
    const answer = await browser.post('/register', { username: 'erin', password: 'new-1', phone })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      user: { username: 'erin' },
      next: '/second-factor/',
      challenge: expect.objectContaining({ status: 'pending', destination: '••••78' }) as object,
    })
    expect((await verify(browser, await example.codeFor(phone))).status).toBe(200)
    expect((await browser.get('/account')).json).toEqual({ user: { username: 'erin' } })
  })

  test('by a form leads on with 303', async () => {
    const fields = { username: 'frank', password: 'new-2', phone: '+33 6 12 34 56 79' }
    const answer = await example.browser().submit('/register', fields)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/second-factor/'])
    expect(await example.codeFor('+33612345679')).toMatch(/^\d{6}$/)
  })

  test('under a name that is taken is refused', async () => {
    const taken = { username: 'alice', password: 'mine-now', phone }
    expectOwnProblem(await example.browser().post('/register', taken), 409, 'username_taken')
    const page = await example.browser().submit('/register', taken)
    expect([page.status, page.text.includes('That user name is taken.')]).toEqual([409, true])
    const old = await example.browser().post('/login', { username: 'alice', password: 'mine-now' })
    expect(old.status).toBe(401)
  })

  test('of one name by twenty at once makes one user', async () => {
    const fields = { username: 'grace', password: 'new-3', phone: '+33612345680' }
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
    const fields = { username: 'henry', password: 'new-4', phone: unusable }
    expectOwnProblem(await example.browser().post('/register', fields), 422, code)
    expect((await example.browser().post('/login', fields)).status).toBe(401)
  })
})
