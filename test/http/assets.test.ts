/** The style sheet and the script of the default pages. */

import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { tagsOf } from '../support/html.js'

const folder = '/second-factor/assets/'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

async function addresses(): Promise<{ style: string; script: string }> {
  const { text } = await (await app.login('alice')).page('/second-factor/')
  const [link] = tagsOf(text, 'link')
  const [script] = tagsOf(text, 'script')
  return { style: link?.['href'] ?? '', script: script?.['src'] ?? '' }
}

test('are not stored by shared caches when the request has a session cookie', async () => {
  await app.close()
  app = await startTestApp({ session: { rolling: true } })
  const alice = await app.login('alice')
  const [link] = tagsOf((await alice.page('/second-factor/')).text, 'link')
  const { headers } = await alice.get(link?.['href'] ?? '')
  expect(headers.getSetCookie()).toHaveLength(1)
  expect(headers.get('cache-control')).toMatch(/^private, /)
})

test('are cached by browsers indefinitely, and need no login', async () => {
  const { style, script } = await addresses()
  for (const [path, type] of [
    [style, 'text/css; charset=utf-8'],
    [script, 'text/javascript; charset=utf-8'],
  ] as const) {
    const answer = await app.browser().get(path)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type])
    expect(answer.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(answer.headers.getSetCookie()).toEqual([])
    const head = await app.browser().ask(path, { method: 'HEAD' })
    expect([head.status, head.text]).toEqual([200, ''])
  }
})

test('are less than 15 kB together on the wire', async () => {
  const { style, script } = await addresses()
  const texts = await Promise.all([style, script].map((path) => app.browser().get(path)))
  const bytes = texts.map(({ text }) => gzipSync(text).length)
  expect(bytes[0]).toBeGreaterThan(500)
  expect((bytes[0] ?? 0) + (bytes[1] ?? 0)).toBeLessThan(15_000)
})

test('with another release’s address are served from this one, uncached', async () => {
  for (const extension of ['css', 'js']) {
    const answer = await app.browser().get(`${folder}second-factor.AAAAAAAAAAAAAAAA.${extension}`)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  }
})

test.each([
  ...['', 'second-factor.css', 'second-factor.AAAAAAAAAAAAAAAA.map', 'tsconfig.json'],
  ...['..%2Fassets.js', '%2e%2e/assets.ts', 'second-factor.AAAAAAAAAAAAAAAA.css%00'],
])('do not include %j', async (name) => {
  expect((await app.browser().get(folder + name)).status).toBe(404)
})
