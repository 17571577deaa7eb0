/** The example is killed or stopped, and restarted on the same database. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { wrongCode } from '../support/codes.js'
import type { Browser } from '../support/browser.js'
import { newDatabase, passwords, phones, startExample, verify } from '../support/example.js'
import { until } from '../support/until.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('after kill -9 in the middle of a challenge', () => {
  test('sessions, counters, the lock and the valid code are still there', async () => {
    const env = { DATABASE_URL: newDatabase(), OTP_MAX_ATTEMPTS: '10' }
    const first = await startExample(env)
    const [alice, bob, dave] = await Promise.all([
      first.login('alice'),
      first.login('bob'),
      first.login('dave'),
    ])
    const code = await first.codeFor(phones.alice)
    for (let left = 9; left >= 7; left -= 1) {
      expect((await verify(alice, wrongCode(code))).json).toMatchObject({ attemptsLeft: left })
    }
    const bobs = wrongCode(await first.codeFor(phones.bob))
    for (let failures = 0; failures < 10; failures += 1) await verify(bob, bobs)
    await verify(dave, await first.codeFor(phones.dave))
    const before = (await alice.get('/second-factor/')).json
    await first.stop('SIGKILL')

    const second = await startExample(env)
    const at = (browser: Browser) => second.copyOf(browser)
    const after = (await at(alice).get('/second-factor/')).json
    expect(after['challenge']).toMatchObject({
      attemptsLeft: 7,
      expiresAt: (before['challenge'] as Record<string, unknown>)['expiresAt'],
    })
    const again = await second
      .browser()
      .post('/login', { username: 'alice', password: passwords.alice })
    expect(again.json).toMatchObject({ refusal: { code: 'cooldown' } })
    expect((await verify(at(alice), wrongCode(code))).json).toMatchObject({ attemptsLeft: 6 })
    expect((await verify(at(alice), code)).json).toMatchObject({ status: 'passed' })
    expect((await verify(at(bob), bobs)).json).toMatchObject({ code: 'locked_out' })
    expect((await at(dave).get('/account')).json).toEqual({ user: { username: 'dave' } })
  })
})

describe('on SIGTERM', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '(or %s) requests in progress finish, and it exits with 0',
    async (signal) => {
      const example = await startExample({ DATABASE_URL: newDatabase() })
      const { port } = new URL(example.url)
      const body = JSON.stringify({ username: 'alice', password: passwords.alice })
      const idle = connect(Number(port), '127.0.0.1')
      const half = connect(Number(port), '127.0.0.1')
      await Promise.all([once(idle, 'connect'), once(half, 'connect')])
      // One connection that a browser keeps open after an answer, and one in the middle of a request.
      idle.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(idle, 'data')
      half.write(
        `POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
      )
      await until(async () => (await example.browser().get('/healthz')).status === 200)
      const ended = example.stop(signal)
      await until(() => refusesConnections(Number(port)))
      let answer = ''
      half.setEncoding('utf8').on('data', (text: string) => (answer += text))
      half.write(body)
      // Its connection is not kept for another request, as long as browsers like to.
      await until(() => Promise.resolve(half.closed), 3)
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
      expect(answer).toContain('"next":"/second-factor/"')
      expect(await ended).toBe(0)
      idle.destroy()
    },
  )

  test('sent to npm, the example that npm started ends as well', async () => {
    // The scripts that install and build have no part in it, and would disturb other tests.
    const npm = spawn('npm', ['run', 'example', '--ignore-scripts'], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: '0',
        DATABASE_URL: newDatabase(),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let output = ''
    npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    const port = () => Number(/^Listening on http:\/\/localhost:(\d+)/m.exec(output)?.[1])
    await until(() => Promise.resolve(port() > 0))
    const ended = once(npm, 'exit')
    npm.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(await refusesConnections(port())).toBe(true)
  })
})

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => {
      resolve(true)
    })
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })
}
