/** The operators' pages from outside: what they show and the actions they offer. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError, memoryAudit, memoryCounts } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { textOf } from '../support/html.js'
import { passedBrowser, verify } from '../support/in-or-out.js'
import { ops, startOperationsApp } from '../support/operations-app.js'

const reason = 'ticket 4711, called back'

/** Has somebody type wrong codes until no more is judged. */
async function lockOut(app: TestApp, username: string): Promise<void> {
  for (let challenge = 0; challenge < 4; challenge += 1) {
    const browser = await app.login(username)
    for (let guess = 0; guess < 5; guess += 1) {
      const answer = await verify(browser, wrongCode(app.codeFor(username)))
      if (answer.json['code'] === 'locked_out' || answer.json['lockedUntil'] !== undefined) return
    }
    app.clock.advance(120)
  }
  throw new Error(`${username} is not locked`)
}

describe('the overview', () => {
  test('says that nothing needs attention while all is well, and reloads itself', async () => {
    await using app = await startOperationsApp()
    const browser = await passedBrowser(app, 'alice')
    const page = await browser.page(`${ops}/`)
    expect(page.status).toBe(200)
    expect(textOf(page.text)).toContain('Nothing needs you')
    expect(page.headers.get('refresh')).toBe('30')
    expect((await browser.page(`${ops}/?still`)).headers.get('refresh')).toBeNull()
  })

  test('counts what happened in another process, and after a restart', async () => {
    const counts = memoryCounts()
    await using other = await startOperationsApp({ counts })
    await passedBrowser(other, 'bob')
    await other.secondFactor.close()
    await using app = await startOperationsApp({ counts })
    const browser = await passedBrowser(app, 'alice')
    await app.secondFactor.close()
    const { numbers, needs } = (await browser.get(`${ops}/overview`)).json as {
      readonly needs: unknown
      readonly numbers: {
        readonly lastHour: { readonly counts: object; readonly p50: number }
        readonly slots: readonly object[]
        readonly countries: unknown
      }
    }
    expect(numbers.lastHour.counts).toMatchObject({ sent: 2, verified: 2, passed: 2, wrong: 0 })
    expect(numbers.countries).toEqual([
      { country: 'CM', sent: 1, verified: 1 },
      { country: 'IN', sent: 1, verified: 1 },
    ])
    expect(numbers.slots).toHaveLength(48)
    expect(needs).toEqual([])
  })

  test('shows an hour or a week on request, and otherwise a day', async () => {
    await using app = await startOperationsApp()
    const browser = await passedBrowser(app, 'alice')
    const slotsFor = async (span: string) => {
      const { numbers } = (await browser.get(`${ops}/overview?span=${span}`)).json
      return (numbers as { readonly slots: readonly unknown[] }).slots.length
    }
    expect(await Promise.all(['hour', 'week', 'toString', 'day&span=hour'].map(slotsFor))).toEqual([
      6, 84, 48, 48,
    ])
  })

  test('still works while the counts do not respond, and says so', async () => {
    const away = () => Promise.reject(new Error('no counts'))
    await using app = await startOperationsApp({
      counts: { ...memoryCounts(), add: away, series: away },
    })
    const browser = await passedBrowser(app, 'alice')
    const text = textOf((await browser.page(`${ops}/`)).text)
    expect(text).toContain('1 thing needs you')
    expect(text).toContain('The counts do not answer, so there are no numbers.')
    expect((await browser.page(`${ops}/users/2`)).status).toBe(200)
  })

  test('names the option that enables plots if nothing is counted', async () => {
    await using app = await startOperationsApp({ secondFactor: { operations: {} } })
    const browser = await passedBrowser(app, 'alice')
    const text = textOf((await browser.page(`${ops}/`)).text)
    expect(text).toContain('operations: { counts: sequelizeCounts({ sequelize }) }')
    expect((await browser.get(`${ops}/overview`)).json).toMatchObject({
      counts: 'none',
      numbers: null,
    })
  })

  test('shows how far shared limits are used up', async () => {
    const counts = memoryCounts()
    const price = { '*': 0.5 }
    await using app = await startOperationsApp({
      counts,
      secondFactor: {
        limits: {
          counts,
          rules: {
            application: { perDay: 2 },
            spend: { perHour: 4, currency: 'USD', price },
            country: { only: { CM: { perDay: 100 } } },
          },
        },
      },
    })
    const browser = await passedBrowser(app, 'alice')
    const { limits } = (await browser.get(`${ops}/overview`)).json
    expect(limits).toMatchObject([
      { about: 'All messages', window: 'day', used: 1, limit: 2, unit: 'messages' },
      { about: 'Cost of all messages', window: 'hour', used: 0.5, limit: 4, unit: 'USD' },
      { option: 'limits.rules.application', used: 0, limit: 1 },
      { about: 'Cost of messages to new phones', used: 0, limit: 2 },
    ])
    await app.login('bob')
    const text = textOf((await browser.page(`${ops}/`)).text)
    expect(text).toContain('All messages: 2 of 2 messages a day: used up.')
  })
})

describe('a person', () => {
  test('is found by id, and by phone without putting the phone in a URL', async () => {
    await using app = await startOperationsApp({
      secondFactor: { users: usersOf(() => app) },
    })
    const browser = await passedBrowser(app, 'alice')
    const byId = await browser.submit(`${ops}/users`, { find: ' 2 ' })
    const byPhone = await browser.submit(`${ops}/users`, { find: '+91 98765 43210' })
    for (const { status, headers } of [byId, byPhone]) {
      expect([status, headers.get('location')]).toEqual([303, `${ops}/users/2`])
    }
    expect((await browser.post(`${ops}/users`, { find: '+919876543210' })).json).toEqual({
      user: '2',
    })
  })

  test('is not found if findUser does not know them', async () => {
    await using app = await startOperationsApp({
      router: { findUser: (id) => app.users.find((user) => String(user.id) === id) ?? null },
    })
    const browser = await passedBrowser(app, 'alice')
    for (const path of ['users/99', 'users/99/unlock', 'users/tel%3A%2B237671234567']) {
      const answer = await browser.page(`${ops}/${path}`)
      expect([path, answer.status]).toEqual([path, 404])
      expect(textOf(answer.text)).toContain('There is no user with this id.')
    }
    expect((await browser.get(`${ops}/users/99`)).json).toMatchObject({ code: 'user_unknown' })
    expect((await browser.post(`${ops}/users`, {})).status).toBe(404)
    expect((await browser.page(`${ops}/users/2`)).status).toBe(200)
  })

  test.each(['findUser', 'actor'])(
    'is not acted on if %s fails, and the fault names it',
    async (name) => {
      const fail = () => Promise.reject(new Error('password=hunter2'))
      await using app = await startOperationsApp({ router: { [name]: fail } })
      const browser = await passedBrowser(app, 'alice')
      expect((await browser.post(`${ops}/users/2/reset`, { reason })).status).toBe(503)
      expect(app.events).toContainEqual(
        expect.objectContaining({ type: 'fault', message: `operationsRouter.${name} failed` }),
      )
      expect(app.events.some(({ type }) => type === 'reset')).toBe(false)
    },
  )

  test('is shown as such if nothing is stored about them', async () => {
    await using app = await startOperationsApp()
    const browser = await passedBrowser(app, 'alice')
    const page = await browser.page(`${ops}/users/99`)
    expect(textOf(page.text)).toContain('Nothing is stored for this id')
  })

  test('who is locked can be unlocked, with a reason and the operator’s name', async () => {
    await using app = await startOperationsApp()
    await lockOut(app, 'bob')
    const browser = await passedBrowser(app, 'alice')
    expect(textOf((await browser.page(`${ops}/users/2`)).text)).toMatch(
      /Locked until .* 10 failures in a row/,
    )
    const confirmation = textOf((await browser.page(`${ops}/users/2/unlock`)).text)
    expect(confirmation).toContain('10 failures in a row are forgotten')
    const answer = await browser.submit(`${ops}/users/2/unlock`, { reason })
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `${ops}/users/2?done=unlock`,
    ])
    const page = textOf((await browser.page(`${ops}/users/2?done=unlock`)).text)
    expect(page).toContain('Unlocked. The person can enter a code now.')
    expect(page).toContain(`reset scope attempts alice@example.com ${reason}`)
    expect((await app.secondFactor.status({ id: 2, username: 'bob' })).locked).toBe(false)
    expect(app.events.at(-1)).toMatchObject({
      type: 'reset',
      subject: '2',
      actor: 'alice@example.com',
      reason,
    })
  })

  test('can be reset and revoked by JSON', async () => {
    await using app = await startOperationsApp()
    const bob = await passedBrowser(app, 'bob')
    const browser = await passedBrowser(app, 'alice')
    for (const done of ['reset', 'revoke']) {
      const answer = await browser.post(`${ops}/users/2/${done}`, { reason })
      expect(answer.json).toEqual({ user: '2', done, actor: 'alice@example.com', reason })
    }
    expect((await bob.get('/account')).json['code']).toBe('second_factor_required')
    const { json } = await browser.get(`${ops}/users/2`)
    expect(json).toMatchObject({
      ...{ user: '2', failures: 0, locked: false, grants: 0, isSelf: false },
      history: [
        { type: 'all_grants_revoked', reason, outcome: 'done' },
        { type: 'reset' },
        { type: 'passed' },
      ],
    })
  })

  test.each([
    ['', 'none'],
    [' ', 'blank'],
    ['x'.repeat(201), 'too long'],
    ['one\ntwo', 'two lines'],
  ])('is left unchanged if the reason is unusable (%#)', async (given) => {
    await using app = await startOperationsApp()
    await app.login('bob')
    const browser = await passedBrowser(app, 'alice')
    const answer = await browser.post(`${ops}/users/2/reset`, { reason: given })
    expect([answer.status, answer.json['code']]).toEqual([400, 'reason_required'])
    const page = await browser.submit(`${ops}/users/2/reset`, { reason: given })
    expect(page.status).toBe(400)
    expect(textOf(page.text)).toContain('Say why')
    expect(app.events.some(({ type }) => type === 'reset')).toBe(false)
  })

  test('is left unchanged if the audit log is down, and the page says so', async () => {
    const away = () => Promise.reject(new Error('no log'))
    await using app = await startOperationsApp({
      secondFactor: { audit: { ...memoryAudit(), append: away, read: away } },
    })
    await app.login('bob')
    const browser = await passedBrowser(app, 'alice')
    const answer = await browser.post(`${ops}/users/2/reset`, { reason })
    expect([answer.status, answer.json['code']]).toEqual([503, 'audit_unavailable'])
    expect(app.events.some(({ type }) => type === 'reset')).toBe(false)
    const page = await browser.page(`${ops}/users/2`)
    expect([page.status, textOf(page.text)]).toEqual([
      200,
      expect.stringContaining('The audit log does not answer.') as string,
    ])
  })

  test('can be managed without an audit log', async () => {
    await using app = await startOperationsApp({ secondFactor: { audit: undefined } })
    const browser = await passedBrowser(app, 'alice')
    expect((await browser.get(`${ops}/users/2`)).json['history']).toBe('none')
    expect(textOf((await browser.page(`${ops}/users/2`)).text)).toContain(
      'No history is kept. Set the option audit',
    )
  })
})

test('behind a proxy that strips a prefix, every link begins with it', async () => {
  await using app = await startOperationsApp({
    secondFactor: { basePath: '/app', loginPath: '/app/login' },
  })
  const browser = await passedBrowser(app, 'alice')
  const page = (await browser.page(`${ops}/users/2`)).text
  expect(page).toContain('action="/app/ops/users"')
  expect(page).toContain('href="/app/ops/users/2/unlock"')
  expect(page).not.toMatch(/(?:href|action)="\/ops/)
})

test('an unknown path is left to the application', async () => {
  await using app = await startOperationsApp()
  const browser = await passedBrowser(app, 'alice')
  for (const path of ['users/2/delete', 'nowhere', 'assets/other.css', 'users/2/__proto__']) {
    expect([path, (await browser.page(`${ops}/${path}`)).status]).toEqual([path, 404])
  }
})

describe('a mistake in the options', () => {
  test.each<[string, unknown]>([
    ['without any', undefined],
    ['without authorize', {}],
    ['with a role for authorize', { authorize: 'operator' }],
    ['with an actor that is no function', { authorize: () => true, actor: 'alice' }],
    ['with an option that does not exist', { authorize: () => true, authorise: () => true }],
  ])('is refused at construction, %s', async (_name, options) => {
    const app = await startTestApp()
    const mounting = () => app.secondFactor.operationsRouter(options as never)
    expect(mounting).toThrow(ConfigurationError)
    await app.close()
  })

  test.each([{ counts: {} }, { count: memoryCounts() }, { counts: null }])(
    'is refused at construction for operations: %o',
    async (operations) => {
      const starting = startTestApp({ secondFactor: { operations: operations as never } })
      await expect(starting).rejects.toThrow(/operations/)
    },
  )
})

function usersOf(app: () => TestApp) {
  return {
    id: ({ id }: { readonly id: number }) => id,
    phone: ({ phone }: { readonly phone: string | null }) =>
      phone && { number: phone, verified: true },
    findByPhone: (phone: string) => app().users.find((user) => user.phone === phone) ?? null,
  }
}
