/** A factor that only this test knows plugs in through the port alone; no other code names it. */

import { describe, expect, test } from 'vitest'

import type { SecondFactorOptions } from '../../src/index.js'
import { startApplication, type Application } from '../support/application.js'
import { wordFactor } from '../support/word-factor.js'

interface Person {
  readonly id: number
  readonly username: string
}

const mount = '/second-factor'

async function withWord(app: Application<Person>, username: string, word = 'xylophone') {
  const browser = await app.login(username)
  const enrolled = await browser.post(`${mount}/word`, { word })
  expect([enrolled.status, enrolled.json]).toEqual([
    200,
    expect.objectContaining({ status: 'enrolled', letters: word.length, method: 'word' }),
  ])
  return browser
}

describe('a custom word factor as the only factor', () => {
  test('is enrolled with the password alone and passes that session', async () => {
    await using app = await start()
    const alice = await withWord(app, 'alice')
    const account = await alice.get('/account')
    expect(account.json).toMatchObject({
      account: 'alice',
      secondFactor: { passed: true, method: 'word', amr: ['pwd', 'kba', 'mfa'] },
    })
  })

  test('sends nothing after the password and leads to its own page', async () => {
    await using app = await start()
    await withWord(app, 'alice')
    const again = app.browser()
    const login = await again.post('/login', { username: 'alice', password: 'password' })
    expect(login.json).toEqual({ next: `${mount}/` })
    expect((await again.get('/account')).json).toMatchObject({ code: 'second_factor_required' })
    const page = await again.page(`${mount}/`)
    expect(page.text).toContain('Say the word')
    const status = await again.get(`${mount}/`)
    expect(status.json).toMatchObject({ passed: false, methods: ['word'], challenge: null })
  })

  test('lets in only the right word', async () => {
    await using app = await start()
    await withWord(app, 'alice')
    const again = await app.login('alice')
    const wrong = await again.post(`${mount}/verify`, { word: 'trombone' })
    expect([wrong.status, wrong.json]).toEqual([
      403,
      expect.objectContaining({ code: 'code_incorrect' }),
    ])
    const right = await again.post(`${mount}/verify`, { word: 'xylophone' })
    expect([right.status, right.json]).toEqual([
      200,
      expect.objectContaining({ status: 'passed', method: 'word', returnTo: '/account' }),
    ])
    expect((await again.get('/account')).status).toBe(200)
    const passed = app.events.find(({ type }) => type === 'passed')
    expect(passed).toMatchObject({ method: 'word', purpose: 'enrolment' })
  })

  test('counts towards the user’s shared lock', async () => {
    await using app = await start()
    await withWord(app, 'alice')
    const again = await app.login('alice')
    const codes: unknown[] = []
    for (let tries = 0; tries < 11; tries += 1) {
      codes.push(codeOf(await again.post(`${mount}/verify`, { word: `guess ${tries}` })))
    }
    expect(codes).toEqual([...new Array<string>(10).fill('code_incorrect'), 'locked_out'])
    expect(codeOf(await again.post(`${mount}/verify`, { word: 'xylophone' }))).toBe('locked_out')
    app.clock.advance(1_800)
    const fresh = await app.login('alice')
    expect((await fresh.post(`${mount}/verify`, { word: 'xylophone' })).status).toBe(200)
  })

  test('is asked for again at a step-up and passes it', async () => {
    await using app = await start()
    const alice = await withWord(app, 'alice')
    expect((await alice.post('/transfer')).status).toBe(200)
    app.clock.advance(301)
    expect(codeOf(await alice.post('/transfer'))).toBe('second_factor_stale')
    expect(codeOf(await alice.post(`${mount}/verify`, { word: 'wrong' }))).toBe('code_incorrect')
    expect((await alice.post(`${mount}/verify`, { word: 'xylophone' })).status).toBe(200)
    expect((await alice.post('/transfer')).status).toBe(200)
  })

  test('ends the grants of every other session when replaced', async () => {
    await using app = await start()
    const first = await withWord(app, 'alice')
    const second = await app.login('alice')
    await second.post(`${mount}/verify`, { word: 'xylophone' })
    expect((await second.post(`${mount}/word`, { word: 'trombone' })).status).toBe(200)
    expect((await second.get('/account')).status).toBe(200)
    expect((await first.get('/account')).status).toBe(403)
  })

  test('has its own refusal, with its own status and text', async () => {
    await using app = await start()
    const alice = await app.login('alice')
    const answer = await alice.post(`${mount}/verify`, { word: 'xylophone' })
    expect([answer.status, answer.json]).toEqual([
      409,
      expect.objectContaining({ code: 'word_missing', detail: 'Choose a word first.' }),
    ])
  })

  test('shows its page in the application’s view', async () => {
    const views = { word: ({ isEnrolled }: { isEnrolled: boolean }) => `enrolled: ${isEnrolled}` }
    await using app = await start({ pages: { views } as object })
    const alice = await app.login('alice')
    expect((await alice.page(`${mount}/`)).text).toBe('enrolled: false')
  })

  test('leads a form with a wrong word to its page', async () => {
    await using app = await start()
    await withWord(app, 'alice')
    const again = await app.login('alice')
    const refused = await again.submit(`${mount}/verify`, { word: 'trombone' })
    expect([refused.status, refused.headers.get('location')]).toEqual([303, `${mount}/`])
    const page = await again.page(`${mount}/`)
    expect(page.text).toContain('aria-invalid="true"')
    expect(page.text).toContain('That code isn’t right. Check it and try again.')
  })

  test('survives a reset, a revocation and a prune, and is erased by forget', async () => {
    await using app = await start()
    await withWord(app, 'alice')
    const alice: Person = { id: 1, username: 'alice' }
    await app.secondFactor.reset(alice)
    await app.secondFactor.revoke(alice)
    await app.store.prune?.(new Date(app.clock.now + 1e12), new Date(app.clock.now + 1e12))
    const again = await app.login('alice')
    expect((await again.post(`${mount}/verify`, { word: 'xylophone' })).status).toBe(200)
    await app.secondFactor.forget(alice)
    expect((await again.get('/account')).status).toBe(403)
    expect(await app.store.read('1')).toBeNull()
  })
})

function codeOf({ json }: { readonly json: unknown }): unknown {
  return (json as { code?: unknown }).code
}

/** An application in which the word is the only factor: no sender, no verifier, no secret. */
async function start(
  options: Partial<SecondFactorOptions<Person>> = {},
): Promise<Application<Person> & AsyncDisposable> {
  const app = await startApplication<Person>({
    users: [{ id: 1, username: 'alice' }],
    secondFactor: { users: { id: ({ id }) => id }, factors: [wordFactor<Person>()], ...options },
  })
  return { ...app, [Symbol.asyncDispose]: () => app.close() }
}
