/** The default pages: what they say, where their forms go, and that they are accessible. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { fieldsOf, tagsOf, textOf } from '../support/html.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'

const mount = '/second-factor/'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

const restart = async (options: TestAppOptions) => {
  await app.close()
  app = await startTestApp(options)
}
const actionsOf = ({ text }: Answer) => tagsOf(text, 'form').map((form) => form['action'])

/** Every page there is, by the way to it. */
const pages: Record<string, () => Promise<Answer>> = {
  'a running challenge': async () => (await app.login('alice')).page(mount),
  'no challenge': async () => {
    const alice = await app.login('alice')
    await alice.delete('/second-factor/challenge')
    return alice.page(mount)
  },
  'no phone': async () => (await app.login('carol')).page(mount),
  'a phone to be corrected': async () => (await app.login('erin')).page(mount),
  'a phone to be verified': async () => {
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+33612345678' })
    return carol.page(mount)
  },
  'a session that has passed': async () => (await passed()).page(mount),
  'a session that confirms again': async () => {
    const alice = await passed()
    await alice.post('/second-factor/challenge')
    return alice.page(mount)
  },
  'a refused code': async () => {
    const alice = await app.login('alice')
    await alice.submit('/second-factor/verify', { code: wrongCode(app.codeFor('alice')) })
    return alice.page(mount)
  },
  'a refused phone': async () => {
    const carol = await app.login('carol')
    await carol.submit('/second-factor/phone', { phone: '1' })
    return carol.page('/second-factor/phone')
  },
  'a spent budget': async () => {
    const alice = await app.login('alice')
    await failTimes(app, alice, 'alice', 5)
    return alice.page(mount)
  },
  'a lock': async () => {
    await restart({ secondFactor: { policy: roomyPolicy } })
    const alice = await app.login('alice')
    await failTimes(app, alice, 'alice', 10)
    return alice.page(mount)
  },
  'a wrong method': async () => (await app.login('alice')).submit(mount),
  'nobody logged in': () => app.browser().submit('/second-factor/verify'),
  'a closed gate': async () => {
    const alice = await app.login('alice')
    await alice.submit('/transfer')
    return alice.page(mount)
  },
}

async function passed(): Promise<Browser> {
  const alice = await app.login('alice')
  await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  return alice
}

describe.each(Object.keys(pages))('the page for %s', (name) => {
  let answer: Answer
  beforeEach(async () => {
    answer = await (pages[name]?.() ?? Promise.reject(new Error('no such page')))
  })

  test('is accessible', () => {
    const { text } = answer
    expect(text).toMatch(/^<!doctype html>/)
    expect(tagsOf(text, 'html')).toEqual([{ lang: 'en', dir: 'ltr' }])
    expect(tagsOf(text, 'title')).toHaveLength(1)
    expect(tagsOf(text, 'h1')).toHaveLength(1)
    expect(tagsOf(text, 'main')).toHaveLength(1)
    const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const labelled = tagsOf(text, 'label').map((label) => label['for'])
    const inputs = fieldsOf(text)
    for (const input of inputs) {
      expect(labelled).toContain(input['id'])
      for (const id of input['aria-describedby']?.split(' ') ?? []) expect(ids).toContain(id)
    }
    expect(labelled).toHaveLength(inputs.length)
    expect(text.match(/<button[^>]*>[^<]*\w/g) ?? []).toHaveLength(tagsOf(text, 'form').length)
    for (const form of tagsOf(text, 'form')) {
      expect([form['method'], form['action']?.startsWith(mount)]).toEqual(['post', true])
    }
  })

  test('loads only its own style and script, and has a CSP that says so', async () => {
    const { text, headers } = answer
    expect(text).not.toMatch(/<style|\son\w+=|javascript:|\sstyle=/i)
    const links = tagsOf(text, 'link').map(({ href }) => href)
    const scripts = tagsOf(text, 'script').map(({ src }) => src)
    expect([links.length, scripts.length]).toEqual([1, 1])
    for (const path of [...links, ...scripts]) {
      expect(path).toMatch(/^\/second-factor\/assets\/second-factor\.[\w-]{16}\.(css|js)$/)
      expect((await app.browser().get(path ?? '')).status).toBe(200)
    }
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
        "frame-ancestors 'none'; base-uri 'none'",
    )
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('shows no code and no full phone', () => {
    for (const { code, to } of app.inbox.inbox()) {
      expect(answer.text).not.toContain(code)
      expect(answer.text).not.toContain(to.slice(1))
    }
  })
})

describe('the challenge page', () => {
  test('asks for the code, says where it was sent and when another can be requested', async () => {
    const alice = await app.login('alice')
    const page = await alice.page(mount)
    expect([page.status, actionsOf(page)]).toEqual([
      200,
      ['/second-factor/verify', '/second-factor/challenge', '/second-factor/cancel'],
    ])
    expect(textOf(page.text)).toBe(
      'Confirm it’s you We texted a 6-digit code to the number ending in 67 . ' +
        'It expires in 5 minutes . That code has expired. Request a new one. Code Confirm ' +
        'Don’t share this code with anyone. Our support team will never ask for it. ' +
        'Didn’t get a code? Texts can take a minute or two. Make sure your phone has signal. ' +
        'If you no longer have this phone, contact support. ' +
        'Send the code again You can request another code in 30 seconds . You can request it now. Cancel',
    )
    expect(fieldsOf(page.text)).toEqual([
      {
        ...{ id: 'code', name: 'code', type: 'text', dir: 'ltr', inputmode: 'numeric' },
        ...{ autocomplete: 'one-time-code', maxlength: '512', required: '', autofocus: '' },
        ...{
          pattern: '\\P{Nd}*(\\p{Nd}\\P{Nd}*){6,}',
          title: '6 digits',
          'data-digits': '6',
          'data-entry': '',
        },
        'aria-describedby': 'hint',
      },
    ])
    expect(page.text).not.toContain('role="alert"')
  })

  test('counts down in words', async () => {
    const alice = await app.login('alice')
    const code = wrongCode(app.codeFor('alice'))
    for (let tries = 0; tries < 4; tries += 1) await alice.post('/second-factor/verify', { code })
    app.clock.advance(299)
    const { text } = await alice.page(mount)
    expect(textOf(text)).toContain('You have 1 try left. It expires in 1 second .')
    expect(text).not.toContain('You can request another code in')
  })

  test('offers to send a first code if there is no challenge', async () => {
    const page = await pages['no challenge']?.()
    expect(page && actionsOf(page)).toEqual(['/second-factor/challenge', '/second-factor/cancel'])
    expect(page?.text).toContain('Send me a code')
  })

  test('offers another phone only if allowed', async () => {
    const erin = await pages['a phone to be corrected']?.()
    const offers = ({ text }: Answer) => text.includes('href="/second-factor/phone"')
    expect(erin && offers(erin)).toBe(true)
    const alice = await app.login('alice')
    expect(offers(await alice.page(mount))).toBe(false)
    await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    expect(offers(await alice.page(mount))).toBe(true)
  })

  test('leads on once the session has passed', async () => {
    const alice = await app.login('alice')
    await alice.page('/account?tab=2&x=%22')
    await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    const { text } = await alice.page(mount)
    expect(tagsOf(text, 'a')[0]).toEqual({ class: 'button', href: '/account?tab=2&amp;x=%22' })
    expect(actionsOf({ text } as Answer)).toEqual(['/second-factor/challenge'])
  })

  test('says until when a user is locked', async () => {
    const page = await pages['a lock']?.()
    expect(page?.status).toBe(200)
    expect(textOf(page?.text ?? '')).toMatch(
      /you can’t enter a code until Jan 1, 2026, 12:30\sAM UTC \(in 30 minutes\)\. If it wasn’t you, /,
    )
    expect(tagsOf(page?.text ?? '', 'time')).toEqual([
      { datetime: '2026-01-01T00:30:00.000Z', 'data-local': '' },
    ])
    expect(page && actionsOf(page)).toEqual(['/second-factor/cancel'])
    // The way on once it has ended: a reload of a refused form would send that again.
    expect(tagsOf(page?.text ?? '', 'a').map((link) => link['href'])).toEqual([mount])
  })
})

describe('the phone page', () => {
  test('asks a user without a phone for one', async () => {
    const page = await (await app.login('carol')).page(mount)
    expect([page.status, actionsOf(page)]).toEqual([
      200,
      ['/second-factor/phone', '/second-factor/cancel'],
    ])
    expect(fieldsOf(page.text)).toMatchObject([
      { id: 'phone', name: 'phone', type: 'tel', autocomplete: 'tel', required: '' },
    ])
  })
})

test('the application’s name is escaped', async () => {
  await restart({ secondFactor: { appName: '<b>"Shop" & \'Co\'</b>' } })
  const { text } = await (await app.login('alice')).page(mount)
  const name = '&lt;b&gt;&quot;Shop&quot; &amp; &#39;Co&#39;&lt;/b&gt;'
  expect(text).toContain(`<p class="brand">${name}</p>`)
  expect(text).toContain(`<title>Confirm it’s you · ${name}</title>`)
})
