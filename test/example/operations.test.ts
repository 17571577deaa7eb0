/** Operators of the example have their pages, metrics on this machine, and the command line on its database. */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { beforeAll, expect, test } from 'vitest'

import { newDatabase, phones, startExample, type Example } from '../support/example.js'
import { verify } from '../support/in-or-out.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const DATABASE_URL = newDatabase()

let example: Example
beforeAll(async () => {
  example = await startExample({ DATABASE_URL })
})

test('olga unlocks bob with a reason that the command line shows; for alice the page does not exist', async () => {
  const olga = await example.login('olga')
  await verify(olga, await example.codeFor(phones.olga))
  const found = await olga.post('/ops/users', { find: phones.bob })
  expect(found.json).toEqual({ user: '2' })
  const done = await olga.post('/ops/users/2/unlock', { reason: 'ticket 4711' })
  expect(done.json).toEqual({ user: '2', done: 'unlock', actor: 'olga', reason: 'ticket 4711' })
  const alice = await example.login('alice')
  await verify(alice, await example.codeFor(phones.alice))
  const [page, nothing] = [await alice.page('/ops/users/2'), await alice.page('/nowhere')]
  expect([page.status, page.text]).toEqual([404, nothing.text])

  const command = async (...words: string[]) => {
    const config = ['--config', 'example-app/dist/command-line.js', '--json']
    const { stdout } = await run('node', ['dist/cli/main.js', ...words, ...config], {
      cwd: root,
      env: { PATH: process.env['PATH'], DATABASE_URL },
    })
    return JSON.parse(stdout) as Record<string, unknown>
  }
  expect(await command('status', '2')).toMatchObject({ user: '2', failures: 0, locked: false })
  expect(JSON.stringify(await command('history', '2'))).toContain('ticket 4711')
})

test('metrics are available only on this machine, and identify nobody', async () => {
  const browser = example.browser()
  const metrics = await browser.get('/metrics')
  expect(metrics.status).toBe(200)
  expect(metrics.text).toContain('second_factor_faults_total')
  expect(metrics.text).not.toContain(phones.alice.slice(1))
  for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
    const answer = await browser.ask('/metrics', { headers: { [header]: '127.0.0.1' } })
    expect([header, answer.status]).toEqual([header, 404])
  }
})
