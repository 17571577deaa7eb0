/** The phone together with a custom factor: their order, the one a request uses, and one ledger for both. */

import { afterEach, expect, test } from 'vitest'

import type { SecondFactorOptions } from '../../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from '../../support/app.js'
import type { Answer, Browser } from '../../support/browser.js'
import { wordFactor } from '../../support/word-factor.js'

const mount = '/second-factor'
const both: Partial<SecondFactorOptions<TestUser>> = { factors: [wordFactor<TestUser>()] }

const apps: TestApp[] = []

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()))
})

test('a held factor comes first once it is enrolled, and no message is sent', async () => {
  const app = await start(both)
  await passAndEnrol(app)
  const again = await app.login('alice')
  expect(app.inbox.inbox()).toHaveLength(1)
  expect((await again.get(`${mount}/`)).json).toMatchObject({ methods: ['word', 'sms'] })
  expect((await again.post(`${mount}/verify`, { word: 'xylophone' })).status).toBe(200)
})

test('the request’s method wins, then the pending challenge', async () => {
  const app = await start(both)
  await passAndEnrol(app)
  app.clock.advance(60)
  const again = await app.login('alice')
  const sent = await again.post(`${mount}/challenge`, { method: 'sms' })
  expect([sent.status, sent.json['method']]).toEqual([201, 'sms'])
  const passed = await again.post(`${mount}/verify`, { code: app.codeFor('alice') })
  expect([passed.status, passed.json['method']]).toEqual([200, 'sms'])
  expect(codeOf(await again.post(`${mount}/challenge`, { method: 'none' }))).toBe(
    'malformed_request',
  )
})

test('failures of both count towards one lock', async () => {
  const app = await start(both)
  await passAndEnrol(app)
  app.clock.advance(60)
  const again = await app.login('alice')
  for (let tries = 0; tries < 5; tries += 1) {
    await again.post(`${mount}/verify`, { method: 'word', word: `guess ${tries}` })
  }
  await again.post(`${mount}/challenge`, { method: 'sms' })
  for (let tries = 0; tries < 5; tries += 1) {
    await again.post(`${mount}/verify`, { method: 'sms', code: wrong(app) })
  }
  const locked = await again.post(`${mount}/verify`, { method: 'word', word: 'xylophone' })
  expect(codeOf(locked)).toBe('locked_out')
})

test.each(['phoneVerificationRouter', 'receiptsRouter'] as const)(
  '%s says what it needs if no phone is configured',
  async (name) => {
    const app = await start({ ...both, sender: undefined })
    expect(() => app.secondFactor[name]()).toThrow(/needs/)
  },
)

test('a phone that the application does not store needs a persistent store or users.hasFactors', async () => {
  await expect(start({ users: { id: (user) => user.id } })).rejects.toMatchObject({
    option: 'users.hasFactors',
  })
})

async function start(options: Partial<SecondFactorOptions<TestUser>>): Promise<TestApp> {
  const app = await startTestApp({ secondFactor: options })
  apps.push(app)
  return app
}

/** Passes by the code that the login has sent, and enrols a word with that fresh grant. */
async function passAndEnrol(app: TestApp): Promise<Browser> {
  const alice = await app.login('alice')
  expect((await alice.post(`${mount}/verify`, { code: app.codeFor('alice') })).status).toBe(200)
  expect((await alice.post(`${mount}/word`, { word: 'xylophone' })).status).toBe(200)
  return alice
}

function wrong(app: TestApp): string {
  return app.codeFor('alice') === '000000' ? '000001' : '000000'
}

function codeOf({ json }: Answer): unknown {
  return json['code']
}
