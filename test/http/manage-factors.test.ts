/** Managing held factors: naming them, removing them, making new recovery codes, for programs and by forms. */

import { describe, expect, test } from 'vitest'

import type { Browser } from '../support/browser.js'
import { fieldsOf, tagsOf, textOf } from '../support/html.js'
import { mount, setUpApp, setUpCodes, startHeldApp } from '../support/held-app.js'
import {
  giveApp,
  giveRecovery,
  heldIds,
  outcomeIn,
  setUpBesideMessages,
  startWithMessages,
} from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import { reasonOn } from '../support/problem.js'

const hidden = (page: string, name: string) =>
  tagsOf(page, 'input').find((field) => field['name'] === name)?.['value'] ?? ''

describe('by forms, without a script', () => {
  test('an app is set up, recovery codes are saved, and the person is led on', async () => {
    await using app = await startHeldApp()
    const jar = await app.login('alice')
    await jar.page('/account')
    const page = await jar.page(`${mount}/factors/totp`)
    expect(page.status).toBe(200)
    const [, secret = ''] = /secret=([A-Z2-7]{32})/.exec(page.text) ?? []
    const setup = hidden(page.text, 'setup')
    const { appCode } = await import('../support/authenticator.js')

    const wrong = await jar.submit(`${mount}/factors/totp/confirm`, { setup, code: '000000' })
    expect(wrong.text).toContain(secret)
    expect(reasonOn(wrong)).not.toBe('')
    const code = appCode(secret, app.clock.now)
    const confirmed = await jar.submit(`${mount}/factors/totp/confirm`, { setup, code })
    expect([confirmed.status, confirmed.headers.get('location')]).toEqual([
      303,
      `${mount}/factors/recovery`,
    ])

    const codes = await jar.page(`${mount}/factors/recovery`)
    const shown = [...codes.text.matchAll(/<code>([\w-]{29})<\/code>/g)].map(([, each]) => each)
    expect(shown).toHaveLength(10)
    expect(fieldsOf(codes.text)).toContainEqual(
      expect.objectContaining({ type: 'checkbox', name: 'saved', required: '' }),
    )
    const kept = await jar.submit(`${mount}/factors/recovery/confirm`, {
      setup: hidden(codes.text, 'setup'),
      saved: 'on',
    })
    expect([kept.status, kept.headers.get('location')]).toEqual([303, '/account'])
    expect(outcomeIn(await giveRecovery(await app.login('alice'), shown[0]))).toBe('passed')
  })

  test('the page lists the held factors, and its forms rename and remove them', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const { browser } = await setUpApp(app)
    await setUpCodes(browser)
    const [id = ''] = await heldIds(browser)
    const page = await browser.page(`${mount}/factors`)
    const actions = tagsOf(page.text, 'form').map(({ action }) => action)
    expect(actions).toContain(`${mount}/factors/${id}/remove`)
    expect(actions).toContain(`${mount}/factors/${id}/rename`)
    const renamed = await browser.submit(`${mount}/factors/${id}/rename`, { name: 'Old phone' })
    expect([renamed.status, renamed.headers.get('location')]).toEqual([303, `${mount}/factors`])
    expect(textOf((await browser.page(`${mount}/factors`)).text)).toContain('Old phone')
    const removed = await browser.submit(`${mount}/factors/${id}/remove`)
    expect([removed.status, removed.headers.get('location')]).toEqual([303, `${mount}/factors`])
    expect(await heldIds(browser)).toEqual([])
  })

  test('a refused removal is explained on the list, once', async () => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const [id = ''] = await heldIds(browser)
    const refused = await browser.submit(`${mount}/factors/${id}/remove`)
    expect([refused.status, refused.headers.get('location')]).toEqual([303, `${mount}/factors`])
    expect(reasonOn(await browser.page(`${mount}/factors`))).not.toBe('')
    expect(reasonOn(await browser.page(`${mount}/factors`))).toBe('')
  })

  test('a person who passed too long ago is led to the code and back to the list', async () => {
    await using app = await startHeldApp()
    const { browser, code } = await setUpApp(app)
    app.clock.advance(301)
    const led = await browser.page(`${mount}/factors/totp`)
    expect([led.status, led.headers.get('location')]).toEqual([303, `${mount}/`])
    const passed = await browser.submit(`${mount}/verify`, { method: 'totp', code: code() })
    expect(passed.headers.get('location')).toBe(`${mount}/factors/totp`)
    expect((await browser.page(`${mount}/factors/totp`)).status).toBe(200)
  })

  test('a used code is reported on its page, with links to the other factors', async () => {
    await using app = await startHeldApp()
    const { browser, code } = await setUpApp(app)
    await setUpCodes(browser)
    const jar = await app.login('alice')
    const page = await jar.page(`${mount}/`)
    expect(page.text).toContain(`href="${mount}/use/recovery-code"`)
    const refused = await jar.submit(`${mount}/verify`, { method: 'totp', code: code() })
    expect([refused.status, refused.headers.get('location')]).toEqual([303, `${mount}/use/totp`])
    expect(reasonOn(await jar.page(`${mount}/use/totp`))).toMatch(/used/i)
    const other = await jar.page(`${mount}/use/recovery-code`)
    expect(hidden(other.text, 'method')).toBe('recovery-code')
    expect(other.text).toContain(`href="${mount}/use/totp"`)
  })
})

describe('a name', () => {
  test.each([
    ['', 400, null],
    ['   ', 400, null],
    ['\u202E\u200F', 400, null],
    [' My  phone ', 200, 'My  phone'],
    ['x'.repeat(80), 200, 'x'.repeat(50)],
    ['📱'.repeat(60), 200, '📱'.repeat(50)],
    ['a\u0000b\nc', 200, 'a b c'],
  ])('%j is refused or stored in readable form', async (name, status, kept) => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const [id = ''] = await heldIds(browser)
    const answer = await browser.post(`${mount}/factors/${id}/rename`, { name })
    expect(answer.status).toBe(status)
    const { factors } = (await browser.get(`${mount}/factors`)).json as {
      factors: [{ name: string }]
    }
    expect(factors[0].name).toBe(kept ?? 'Authenticator app')
  })

  test.each([1, null, [], ['x'], {}])('is malformed if it is %j', async (name) => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const [id = ''] = await heldIds(browser)
    expect((await browser.post(`${mount}/factors/${id}/rename`, { name })).status).toBe(400)
  })
})

describe('a removal', () => {
  test('ends every other session and leaves this one in', async () => {
    await using app = await startWithMessages({ enrolment: { when: 'optional' } })
    const { browser, code } = await setUpBesideMessages(app)
    app.clock.advance(60)
    const other = await app.login('alice')
    expect(outcomeIn(await giveApp(other, code()))).toBe('passed')
    const [id = ''] = await heldIds(browser)
    expect((await browser.delete(`${mount}/factors/${id}`)).status).toBe(204)
    expect([await isIn(browser), await isIn(other)]).toEqual([true, false])
  })

  test('of an app needs no code from that app: another factor will do', async () => {
    await using app = await startWithMessages()
    await setUpBesideMessages(app)
    app.clock.advance(600)
    const jar = await app.login('alice')
    await jar.post(`${mount}/challenge`, { method: 'sms' })
    const code = app.inbox.inbox()[0]?.code
    await jar.post(`${mount}/verify`, { method: 'sms', code })
    const [id = ''] = await heldIds(jar)
    expect((await jar.delete(`${mount}/factors/${id}`)).status).toBe(204)
    expect(await heldIds(jar)).toEqual([])
  })

  test('finds nothing to remove when repeated', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const { browser } = await setUpApp(app)
    const [id = ''] = await heldIds(browser)
    await browser.delete(`${mount}/factors/${id}`)
    const again = await browser.delete(`${mount}/factors/${id}`)
    expect([again.status, outcomeIn(again)]).toEqual([409, 'factor_not_enrolled'])
  })

  test('of recovery codes ends no session', async () => {
    await using app = await startHeldApp()
    const { browser, code } = await setUpApp(app)
    const codes = await setUpCodes(browser)
    const items = await app.secondFactor.listFactors({ id: 1, username: 'alice' })
    const set = items.find(({ kind }) => kind === 'recovery')
    app.clock.advance(60)
    const other = await app.login('alice')
    await giveApp(other, code())
    expect((await browser.delete(`${mount}/factors/${set?.id}`)).status).toBe(204)
    expect([await isIn(browser), await isIn(other)]).toEqual([true, true])
    expect(outcomeIn(await giveRecovery(await app.login('alice'), codes[0]))).toBe(
      'factor_not_enrolled',
    )
  })
})

test('a new app replaces the old one when it is confirmed', async () => {
  await using app = await startHeldApp()
  const { browser, code: old } = await setUpApp(app)
  const { beginApp, confirmApp } = await import('../support/held-deeds.js')
  const { appCode } = await import('../support/authenticator.js')
  const { setup, secret } = await beginApp(browser)
  app.clock.advance(60)
  const passes = async (code: string) => {
    const jar: Browser = await app.login('alice')
    return outcomeIn(await giveApp(jar, code))
  }
  expect(await passes(old())).toBe('passed')
  expect(outcomeIn(await confirmApp(browser, setup, appCode(secret, app.clock.now)))).toBe(
    'enrolled',
  )
  app.clock.advance(60)
  expect(await passes(old())).toBe('code_incorrect')
  expect(await passes(appCode(secret, app.clock.now))).toBe('passed')
  expect(await heldIds(browser)).toHaveLength(1)
})
