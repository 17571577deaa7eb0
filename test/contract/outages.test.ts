/** When the state's server freezes, dies or is cut off, nobody passes, nobody waits long, and nothing is lost. */

import { randomUUID } from 'node:crypto'

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import type { StateStore } from '../../src/ports/state-store.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import { backends } from '../support/backends.js'
import type { Answer, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { hasOwnServer, startOwnServer, type OwnServer } from '../support/own-servers.js'
import { expectProblem } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js'
import { until, within } from '../support/until.js'

/** Much longer than the application waits for its store, and shorter than a person would. */
const boundSeconds = 6

const inTurn = { concurrent: false }

// Each has a server of its own, and they mostly wait.
for (const { name, server: kind, open } of backends) {
  const options = { concurrent: true, skip: !hasOwnServer(kind) }
  describe(`state in ${name}`, options, () => {
    let server: OwnServer
    let proxy: TcpProxy
    const leftovers: (() => unknown)[] = []
    beforeAll(async () => {
      server = await startOwnServer(kind)
      proxy = await startTcpProxy(server.url)
    })
    afterEach(async () => {
      server.resume()
      for (const close of leftovers.splice(0).reverse()) await close()
    })
    afterAll(async () => {
      await proxy.close()
      await server.close()
    })

    interface Rig {
      readonly app: TestApp
      readonly idOf: (username: string) => string
      /** Runs before the next swap, behind its read. */
      beforeSwap: (() => Promise<void>) | null
    }

    /** An application of its own, whose users no other one has. */
    async function openRig({
      url = server.url,
      storeTimeoutSeconds = 1,
      silence,
    }: { url?: string; storeTimeoutSeconds?: number; silence?: number } = {}): Promise<Rig> {
      const opened = await open(url, silence)
      leftovers.push(() => opened.close())
      const prefix = randomUUID()
      const held: StateStore = {
        ...opened.store,
        async compareAndSwap(...swap) {
          const { beforeSwap } = rig
          rig.beforeSwap = null
          await beforeSwap?.()
          return opened.store.compareAndSwap(...swap)
        },
      }
      const users = {
        id: ({ id }: TestUser) => `${prefix} ${id}`,
        phone: ({ phone }: TestUser) => phone,
      }
      const app = await startTestApp({ secondFactor: { store: held, storeTimeoutSeconds, users } })
      leftovers.push(() => app.close())
      const idOf = (username: string) => {
        const user = app.users.find((each) => each.username === username)
        return `${prefix} ${user?.id ?? ''}`
      }
      const rig: Rig = { app, idOf, beforeSwap: null }
      return rig
    }

    const verify = (browser: Browser, code: string) =>
      browser.post('/second-factor/verify', { code })

    /** A browser whose session has passed. */
    async function passed({ app }: Rig, username: string): Promise<Browser> {
      const browser = await app.login(username)
      expect((await verify(browser, app.codeFor(username))).status).toBe(200)
      return browser
    }

    const isIn = async (browser: Browser) => (await browser.get('/account')).status === 200

    function expectUnavailable({ app }: Rig, answer: Answer): void {
      const retryAt = app.clock.iso(5)
      expectProblem(answer, 'store_unavailable', { retryAt, retryAfterSeconds: 5 })
    }

    /** Requests everything that needs the store, more often than a pool has connections. */
    async function expectClosed(rig: Rig, inside: Browser, pending: Browser): Promise<void> {
      const messages = rig.app.inbox.inbox().length
      const asked = [
        ...Array.from({ length: 10 }, () => inside.get('/account')),
        inside.post('/transfer'),
        pending.get('/second-factor/'),
        pending.post('/second-factor/challenge'),
        verify(pending, rig.app.codeFor('bob')),
        verify(pending, wrongCode(rig.app.codeFor('bob'))),
      ]
      const answers = await within(boundSeconds, Promise.all(asked))
      for (const answer of answers) expectUnavailable(rig, answer)
      expect(rig.app.inbox.inbox().length).toBe(messages)
    }

    test(
      'that freezes lets nobody through, and after waking everybody who had passed',
      inTurn,
      async () => {
        const rig = await openRig()
        const alice = await passed(rig, 'alice')
        const bob = await rig.app.login('bob')
        rig.app.clock.advance(30)
        await server.pause()
        await expectClosed(rig, alice, bob)
        server.resume()
        await until(() => isIn(alice))
        expect((await rowOf(rig.app.store, rig.idOf('bob'))).failures).toBe(0)
        expect((await verify(bob, rig.app.codeFor('bob'))).status).toBe(200)
      },
    )

    test('that freezes while writing a failure counts it after waking', inTurn, async () => {
      const rig = await openRig()
      const bob = await rig.app.login('bob')
      const code = rig.app.codeFor('bob')
      rig.beforeSwap = () => server.pause()
      expectUnavailable(rig, await within(boundSeconds, verify(bob, wrongCode(code))))
      server.resume()
      const row = () => rowOf(rig.app.store, rig.idOf('bob'))
      await until(async () => (await row()).failures === 1)
      expect(phoneOf(await row()).challenge?.attempts).toBe(1)
      expect((await verify(bob, code)).status).toBe(200)
    })

    test(
      'that freezes while writing a pass has let nobody through after waking',
      inTurn,
      async () => {
        const rig = await openRig()
        const bob = await rig.app.login('bob')
        const code = rig.app.codeFor('bob')
        rig.beforeSwap = () => server.pause()
        expectUnavailable(rig, await within(boundSeconds, verify(bob, code)))
        server.resume()
        const row = () => rowOf(rig.app.store, rig.idOf('bob'))
        await until(async () => phoneOf(await row()).challenge === null)
        expectProblem(await bob.get('/account'), 'second_factor_required', {
          challengeUrl: '/second-factor/',
        })
        expect((await verify(bob, code)).json['code']).toBe('no_challenge')
      },
    )

    test(
      'that freezes while writing a start sends nothing, and one code is valid later',
      inTurn,
      async () => {
        const rig = await openRig()
        const bob = rig.app.browser()
        await bob.post('/password', { username: 'bob', password: 'password' })
        const start = () => bob.post('/second-factor/challenge')
        rig.beforeSwap = () => server.pause()
        expectUnavailable(rig, await within(boundSeconds, start()))
        server.resume()
        await until(async () => (await rig.app.store.read(rig.idOf('bob'))) !== null)
        expect((await start()).json['code']).toBe('cooldown')
        expect(rig.app.inbox.inbox()).toEqual([])
        rig.app.clock.advance(30)
        expect((await start()).status).toBe(201)
        expect(rig.app.inbox.inbox().length).toBe(1)
        expect((await verify(bob, rig.app.codeFor('bob'))).status).toBe(200)
      },
    )

    test(
      'that is killed during guesses has every acknowledged failure, and grants no new guesses',
      inTurn,
      async () => {
        const rig = await openRig()
        const alice = await passed(rig, 'alice')
        const bob = await rig.app.login('bob')
        const code = rig.app.codeFor('bob')
        const answered: unknown[] = []
        const kills: Promise<void>[] = []
        const guess = async () => {
          const { status, json } = await verify(bob, wrongCode(code))
          expect([403, 429, 503]).toContain(status)
          answered.push(json['code'])
          if (kills.length === 0) kills.push(server.kill())
        }
        const guesses = (times: number) =>
          within(boundSeconds, Promise.all(Array.from({ length: times }, guess)))
        const failures = () => answered.filter((each) => each === 'code_incorrect').length
        await guesses(40)
        await Promise.all(kills)
        expect(answered[0]).toBe('code_incorrect')
        await expectClosed(rig, alice, bob)

        await server.start()
        await until(() => isIn(alice))
        const row = await rowOf(rig.app.store, rig.idOf('bob'))
        const { challenge } = phoneOf(row)
        expect(row.failures).toBe(challenge?.attempts)
        expect(row.failures).toBeGreaterThanOrEqual(failures())
        const maxAttempts = challenge?.maxAttempts ?? 0
        await guesses(20)
        expect(failures()).toBeLessThanOrEqual(maxAttempts)
        expect((await rowOf(rig.app.store, rig.idOf('bob'))).failures).toBe(maxAttempts)
        expect((await verify(bob, code)).json['code']).toBe('attempts_exhausted')
      },
    )

    test(
      'that is cut off lets nobody through, and once back everybody who had passed',
      inTurn,
      async () => {
        const rig = await openRig({ url: proxy.url })
        const alice = await passed(rig, 'alice')
        const bob = await rig.app.login('bob')
        rig.app.clock.advance(30)
        await proxy.cut()
        await expectClosed(rig, alice, bob)
        await proxy.listen()
        await until(() => isIn(alice))
        expect((await verify(bob, rig.app.codeFor('bob'))).status).toBe(200)
      },
    )

    test('whose connections are silently lost is reached by new ones', inTurn, async () => {
      const rig = await openRig({ url: proxy.url, silence: 2_000, storeTimeoutSeconds: 3 })
      leftovers.push(async () => {
        // A connection that was lost while it was made would hold the pool's end up.
        await proxy.cut()
        await proxy.listen()
      })
      const alice = await passed(rig, 'alice')
      // As many as a pool has connections, so that none of them is left.
      const areIn = () => Promise.all(Array.from({ length: 10 }, () => isIn(alice)))
      await areIn()
      proxy.lose()
      await until(async () => (await areIn()).every(Boolean))
    })
  })
}
