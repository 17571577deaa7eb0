/** Nobody is stuck on a page: it shows whose account it is, where help is, and a next step that works. */

import { afterEach, describe, expect, test } from 'vitest'

import { ConfigurationError, consoleSender, totp, type CodeSender } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import { fieldsOf, tagsOf, textOf } from '../support/html.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { reasonOn } from '../support/problem.js'

const mount = '/second-factor/'

let app: TestApp
afterEach(() => app.close())

async function start(options: TestAppOptions['secondFactor'] = {}, sender?: CodeSender) {
  app = await startTestApp({ secondFactor: options, ...(sender === undefined ? {} : { sender }) })
}

/** The page of a user, as text. */
const pageOf = async (username: string) => (await (await app.login(username)).page(mount)).text

describe('pages.support', () => {
  test('is shown on every page: for a code, a phone, a lock and a refusal', async () => {
    await start({ policy: roomyPolicy, pages: { support: { url: '/help?topic=codes' } } })
    const alice = await app.login('alice')
    const code = await alice.page(mount)
    await failTimes(app, alice, 'alice', 10)
    const pages = [
      ...[code, await alice.page(mount), await (await app.login('carol')).page(mount)],
      ...[await app.browser().submit('/transfer'), await alice.submit(mount)],
    ]
    for (const { text } of pages) {
      expect(textOf(text)).toContain('Need help? Contact support')
      expect(tagsOf(text, 'a').map(({ href }) => href)).toContain('/help?topic=codes')
    }
  })

  test('is absent if not configured', async () => {
    await start()
    expect(textOf(await pageOf('alice'))).not.toContain('Need help?')
  })

  test('may have its own link text, or be a sentence, and is always escaped', async () => {
    await start({
      pages: { support: { url: 'https://help.example/?a=1&b="', label: '<b>Ask us' } },
    })
    const linked = await pageOf('alice')
    expect(linked).toContain('href="https://help.example/?a=1&amp;b=&quot;">&lt;b&gt;Ask us</a>')
    await app.close()
    await start({ pages: { support: 'Call <i>us</i> at 1234.' } })
    expect(await pageOf('alice')).toContain('Need help? Call &lt;i&gt;us&lt;/i&gt; at 1234.')
  })

  test.each<[object | string | null, string]>([
    [{ url: 'javascript:alert(1)' }, 'pages.support.url'],
    [{ url: ' javascript:alert(1)' }, 'pages.support.url'],
    [{ url: 'data:text/html,x' }, 'pages.support.url'],
    [{ url: '//evil.example' }, 'pages.support.url'],
    [{ url: 'help' }, 'pages.support.url'],
    [{ url: 7 }, 'pages.support.url'],
    [{ url: '/help', label: ' ' }, 'pages.support.label'],
    [{ url: '/help', title: 'x' }, 'pages.support'],
    ['', 'pages.support'],
    [null, 'pages.support'],
  ])('that is %j is a mistake, named at construction', async (support, option) => {
    await start()
    const failed = startTestApp({ secondFactor: { pages: { support: support as never } } })
    await expect(failed).rejects.toThrow(ConfigurationError)
    await expect(failed).rejects.toThrow(option)
  })
})

describe('users.label', () => {
  const labelled = (label: unknown) => ({
    users: {
      id: (user: { id: number }) => user.id,
      phone: (user: { phone: string | null }) => user.phone,
      label: label as () => string,
    },
  })

  test('shows on the page which account is confirmed, escaped', async () => {
    await start(labelled((user: { username: string }) => `${user.username} <a@shop.example>`))
    expect(await pageOf('alice')).toContain('Account: <bdi>alice &lt;a@shop.example&gt;</bdi>')
  })

  test.each([
    ['throws', () => JSON.parse('{') as string],
    ['rejects', () => Promise.reject(new Error('down'))],
    ['has no name', () => null],
    ['returns no string', () => 7],
  ])('that %s leaves the page without the account', async (_what, label) => {
    await start(labelled(label))
    const text = await pageOf('alice')
    expect(textOf(text)).not.toContain('Account:')
    expect(textOf(text)).toContain('We texted a 6-digit code')
  })
})

describe('a phone that receives no codes', () => {
  const refusing = (reason: 'destination_blocked' | 'destination_invalid'): CodeSender => ({
    ...consoleSender({ print: () => undefined }),
    send: () => Promise.resolve({ status: 'rejected', reason }),
  })

  test('may have opted out: the page says how to opt in, and offers another phone only if allowed', async () => {
    await start({}, refusing('destination_blocked'))
    const alice = await app.login('alice')
    const known = await alice.page(mount)
    expect(textOf(known.text)).toContain(
      'We can’t send codes to the phone number on your account. Contact support. ' +
        'If you’ve ever replied STOP to our messages, text START to the same number, then request the code again.',
    )
    expect(tagsOf(known.text, 'a')).toEqual([])
    // Her phone was never verified.
    const erin = await app.login('erin')
    const unverified = await erin.page(mount)
    expect(textOf(unverified.text)).toContain('on your account. Use a different number. If you')
    expect(tagsOf(unverified.text, 'a')).toEqual([{ href: '/second-factor/phone' }])
  })

  test('is never reported as sent a code, however soon one is requested again', async () => {
    await start({}, refusing('destination_invalid'))
    const alice = await app.login('alice')
    await alice.submit('/second-factor/challenge')
    const carol = await app.login('carol')
    const phone = '+33612345678'
    await carol.submit('/second-factor/phone', { phone })
    await carol.submit('/second-factor/phone', { phone })
    for (const page of [await alice.page(mount), await carol.page('/second-factor/phone')]) {
      expect(reasonOn(page)).toBe('You can request another code in 5 seconds.')
    }
  })

  test('is called the number just typed on the page where it was typed', async () => {
    await start({}, refusing('destination_invalid'))
    const carol = await app.login('carol')
    await carol.submit('/second-factor/phone', { phone: '+33612345678' })
    expect(textOf((await carol.page('/second-factor/phone')).text)).toContain(
      'We can’t text that number. Check it, and include the country code.',
    )
  })
})

test('each page says what to type on it', async () => {
  await start()
  const alice = await app.login('alice')
  await alice.submit('/second-factor/verify', { code: '12' })
  expect(textOf((await alice.page(mount)).text)).toContain('Enter the 6-digit code.')
  const carol = await app.login('carol')
  await carol.submit('/second-factor/phone')
  expect(textOf((await carol.page('/second-factor/phone')).text)).toContain(
    'Enter the full phone number with its country code.',
  )
})

test('a refusal is in the title, and its reason has focus, without a script', async () => {
  await start()
  const alice = await app.login('alice')
  const before = (await alice.page(mount)).text
  expect(fieldsOf(before)[0]).toHaveProperty('autofocus')
  await alice.submit('/second-factor/verify', { code: '12' })
  const { text } = await alice.page(mount)
  expect(text).toContain('<title>Error: Confirm it’s you</title>')
  const focused = [...tagsOf(text, 'p'), ...fieldsOf(text)].filter(
    (attributes) => attributes['autofocus'] !== undefined,
  )
  expect(focused).toEqual([expect.objectContaining({ id: 'alert', tabindex: '-1' })])
})

test('text messages are called weak only if something safer is available', async () => {
  await start()
  expect(textOf(await pageOf('carol'))).not.toContain('hijacked')
  await app.close()
  await start({
    factors: [totp()],
    users: {
      id: ({ id }) => id,
      phone: ({ phone }) => phone,
      setVerifiedPhone: () => undefined,
      hasFactors: () => false,
      setHasFactors: () => undefined,
    },
  })
  const carol = await app.login('carol')
  expect(textOf((await carol.page('/second-factor/phone')).text)).toContain('hijacked')
})
