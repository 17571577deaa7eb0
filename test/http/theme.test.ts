/** The look of the default pages: the application's style sheet, logo and paths, with nothing from elsewhere. */

import { afterEach, expect, test } from 'vitest'

import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import { tagsOf, textOf } from '../support/html.js'

let app: TestApp
afterEach(() => app.close())

async function pageWith(secondFactor: TestAppOptions['secondFactor']): Promise<string> {
  app = await startTestApp(secondFactor === undefined ? {} : { secondFactor })
  return (await (await app.login('alice')).page('/second-factor/')).text
}

test('the application’s style sheet comes after the default one', async () => {
  const text = await pageWith({ pages: { stylesheet: '/own.css?v=2' } })
  const links = tagsOf(text, 'link').map(({ href }) => href)
  expect(links).toEqual([expect.stringMatching(/second-factor\.[\w-]{16}\.css$/), '/own.css?v=2'])
})

test('a logo replaces the name, with its own size reserved', async () => {
  const text = await pageWith({
    appName: 'Shop & "Co"',
    pages: { logo: { path: '/logo.svg', width: 120, height: 32 } },
  })
  expect(tagsOf(text, 'img')).toEqual([
    { src: '/logo.svg', alt: 'Shop &amp; &quot;Co&quot;', width: '120', height: '32' },
  ])
  expect(textOf(text)).not.toContain('Shop')
})

test('a link to another account is shown if the application has a path for it', async () => {
  expect(await pageWith({})).not.toContain('Log in to a different account')
  await app.close()
  const text = await pageWith({ logoutPath: '/logout' })
  expect(tagsOf(text, 'form').map(({ action }) => action)).toContain('/logout')
  expect(text).toContain('Log in to a different account')
})

test('typing the last digit submits the form only if the application opts in', async () => {
  expect(await pageWith({})).not.toContain('data-submit-on-last-digit')
  await app.close()
  expect(await pageWith({ pages: { submitOnLastDigit: true } })).toContain(
    'data-submit-on-last-digit',
  )
})

test('pages can be mounted at any path', async () => {
  const mountPath = '/auth/2fa'
  app = await startTestApp({
    secondFactor: { mountPath },
    routes: (server, secondFactor) => server.use(mountPath, secondFactor.router()),
  })
  const { text } = await (await app.login('alice')).page(mountPath)
  for (const [tag, name] of [
    ['link', 'href'],
    ['script', 'src'],
    ['form', 'action'],
  ] as const) {
    for (const attributes of tagsOf(text, tag)) {
      expect(attributes[name]).toMatch(/^\/auth\/2fa\//)
    }
  }
  const [link] = tagsOf(text, 'link')
  expect((await app.browser().get(link?.['href'] ?? '')).status).toBe(200)
})
