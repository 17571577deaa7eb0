/** A refused form redirects to its page, which shows the reason once: a reload posts nothing again. */

import session from 'express-session'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { textOf } from '../support/html.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import {
  expectProblem,
  expectRefusalPage,
  expectRefusedForm,
  reasonOn,
} from '../support/problem.js'

const mount = '/second-factor/'
const verify = '/second-factor/verify'
const challenge = '/second-factor/challenge'

let app: TestApp
let sessions: session.MemoryStore
let alice: Browser
beforeEach(async () => {
  sessions = new session.MemoryStore()
  app = await startTestApp({ sessionStore: sessions })
  alice = await app.login('alice')
})
afterEach(() => app.close())

const wrong = () => ({ code: wrongCode(app.codeFor('alice')) })
const reason = async (browser = alice) => reasonOn(await browser.page(mount))

test('a wrong code is reported once, and a reload uses no attempt', async () => {
  await expectRefusedForm(alice, await alice.submit(verify, wrong()), /You have 4 tries left\.$/)
  for (let reloads = 0; reloads < 3; reloads += 1) expect(await reason()).toBe('')
  const status = await alice.get(mount)
  expect(status.json['challenge']).toMatchObject({ attemptsLeft: 4 })
})

test('of two refusals the page shows the last', async () => {
  await alice.submit(verify, wrong())
  await alice.submit(challenge)
  expect(await reason()).toMatch(/^We’ve just sent a code\. You can request another in 30 seconds/)
  expect(await reason()).toBe('')
})

test('a prefetch of the page leaves the reason for the person', async () => {
  await alice.submit(verify, wrong())
  const headers = { accept: 'text/html' }
  await alice.ask(mount, { headers: { ...headers, 'sec-purpose': 'prefetch' } })
  await alice.ask(mount, { method: 'HEAD', headers })
  await alice.get(mount)
  expect(await reason()).toMatch(/^That code isn’t right/)
})

test('a wait that has ended is no longer shown, and no code is claimed to be on its way', async () => {
  await alice.submit(challenge)
  app.clock.advance(30)
  expect(await reason()).toBe('')
})

test('the reason why no code was sent goes away once one is', async () => {
  await alice.submit(challenge)
  app.clock.advance(29)
  const other = alice.copy()
  app.clock.advance(1)
  expect((await other.post(challenge)).status).toBe(201)
  app.clock.advance(-1)
  expect(await reason()).toBe('')
})

test('the guess that locks says so at once, until when, and what it may mean', async () => {
  await app.close()
  app = await startTestApp({ secondFactor: { policy: roomyPolicy } })
  alice = await app.login('alice')
  await failTimes(app, alice, 'alice', 9)
  const said =
    /^That’s one wrong code too many\. .* until .*12:30.*UTC ?\. If it wasn’t you, change your password\.$/
  const page = await expectRefusedForm(alice, await alice.submit(verify, wrong()), said)
  expect(page.text).not.toContain('name="code"')
  expect(page.text).toContain('datetime="2026-01-01T00:30:00.000Z"')
  expect(await reason()).toMatch(/^Too many wrong codes\. .*\(in 30 minutes\)/)
  app.clock.advance(1800)
  expect(await reason()).not.toMatch(/wrong code/)
})

test('the guess at the hard stop says so at once too', async () => {
  await app.close()
  app = await startTestApp({ secondFactor: { policy: { hardStopFailures: 1 } } })
  alice = await app.login('alice')
  const code = wrong().code
  await expectRefusedForm(
    alice,
    await alice.submit(verify, { code }),
    /Contact support to unlock it/,
  )
  expectProblem(await alice.post(verify, { code }), 'locked_out')
})

test('programs still get statuses, and leave nothing for the page', async () => {
  expectProblem(await alice.post(verify, wrong()), 'code_incorrect', { attemptsLeft: 4 })
  expect(await reason()).toBe('')
})

describe('if the session cannot hold the reason, the response does', () => {
  test('for a session store that does not write', async () => {
    sessions.set = (_id, _data, done) => done?.(new Error('the disk is full'))
    const answer = await alice.submit(verify, wrong())
    expectRefusalPage(answer, 'code_incorrect', /You have 4 tries left/, {})
    expect(answer.text).toContain('name="code"')
  })

  test('for a session that has ended meanwhile, which stays ended', async () => {
    const old = alice.copy()
    const get = sessions.get.bind(sessions)
    let looks = 0
    // The logout comes in between: when the request began, the session was still there.
    sessions.get = (id, done) => {
      looks += 1
      if (looks > 1) done(null, null)
      else get(id, done)
    }
    const answer = await alice.submit(verify, wrong())
    expect(answer.status).toBe(403)
    sessions.get = get
    await alice.post('/logout')
    expect((await old.get('/profile')).json['user']).toBeNull()
  })

  test('for a form that cannot be read', async () => {
    const answer = await alice.submit(verify, { code: 'x'.repeat(5000) })
    expectRefusalPage(answer, 'body_too_large', /too much data/)
  })
})

/** Writes this into every session, as a flaw of the application might let a client do. */
function tamper(refusal: unknown): Promise<void> {
  return new Promise((resolve) => {
    sessions.all((_error, all) => {
      for (const [id, data] of Object.entries(all ?? {})) {
        const secondFactor = { ...data.secondFactor, refusal } as never
        sessions.set(id, { ...data, secondFactor })
      }
      resolve()
    })
  })
}

test('an attacker who writes into the session cannot make the page say or do anything else', async () => {
  const tampered: unknown[] = [
    { code: '<script>alert(1)</script>', page: '/' },
    { code: 'cooldown', page: '/', retryAt: 1e300 },
    { code: 'cooldown', page: 5 },
    { code: 'code_incorrect', page: '/', attemptsLeft: {} },
    { code: 'destination_invalid', page: '/', typed: 'x'.repeat(513) },
    'cooldown',
    [],
    null,
  ]
  for (const refusal of tampered) {
    await tamper(refusal)
    const page = await alice.page(mount)
    expect([page.status, reasonOn(page), page.text.includes('alert(1)')]).toEqual([200, '', false])
  }
  expect(textOf((await alice.page(mount)).text)).toContain('6-digit code')
})
