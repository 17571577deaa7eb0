/** Passkeys over HTTP: added, used, named and removed. */

import { describe, expect, test } from 'vitest'

import type { RequestOptions } from '../../src/factors/passkeys/ceremony-options.js'
import { mount, setUpApp } from '../support/held-app.js'
import { tagsOf } from '../support/html.js'
import {
  addPasskey,
  askFor,
  beginPasskey,
  confirmPasskey,
  give,
  jsonIn,
  signIn,
  startPasskeyApp,
} from '../support/passkey-app.js'
import { SoftwarePasskey } from '../support/software-passkey.js'

describe('a passkey', () => {
  test('is added with the password alone and passes that session', async () => {
    await using app = await startPasskeyApp()
    const alice = await app.login('alice')
    const passkey = new SoftwarePasskey()
    const begun = await beginPasskey(alice)
    expect(begun).toEqual({
      setup: expect.any(String) as string,
      expiresAt: app.clock.iso(600),
      options: {
        challenge: expect.stringMatching(/^[\w-]{72}$/) as string,
        rp: { id: 'example.com', name: 'Example' },
        user: {
          id: expect.stringMatching(/^[\w-]{22}$/) as string,
          name: 'alice',
          displayName: 'alice',
        },
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: [],
        authenticatorSelection: {
          residentKey: 'discouraged',
          requireResidentKey: false,
          userVerification: 'discouraged',
        },
        attestation: 'none',
        timeout: 300_000,
      },
    })
    const confirmed = await confirmPasskey(alice, begun, passkey.create(begun.options), 'My laptop')
    expect([confirmed.status, confirmed.json]).toEqual([
      200,
      {
        status: 'enrolled',
        kind: 'passkey',
        id: expect.any(String) as string,
        method: 'passkey',
        amr: ['pwd', 'pop', 'user', 'mfa'],
        aal: 2,
        phishingResistant: true,
        passedAt: app.clock.iso(),
        expiresAt: app.clock.iso(43_200),
        returnTo: '/account',
      },
    ])
    expect((await alice.get('/account')).json).toMatchObject({ account: 'alice' })
  })

  test.each([-7, -8, -257] as const)(
    'is asked for at the next login: algorithm %i',
    async (algorithm) => {
      await using app = await startPasskeyApp()
      const passkey = new SoftwarePasskey({ algorithm })
      await addPasskey(await app.login('alice'), passkey)
      const again = await app.login('alice')
      const status = await again.get(`${mount}/`)
      expect(status.json).toMatchObject({ suggested: 'passkey', methods: ['passkey'] })
      const options = await askFor(again)
      expect(options).toEqual({
        challenge: expect.stringMatching(/^[\w-]{72}$/) as string,
        rpId: 'example.com',
        allowCredentials: [{ type: 'public-key', id: passkey.id, transports: ['internal'] }],
        userVerification: 'discouraged',
        timeout: 300_000,
      })
      const right = await signIn(again, passkey)
      expect([right.status, right.json]).toEqual([
        200,
        expect.objectContaining({ status: 'passed', method: 'passkey', phishingResistant: true }),
      ])
      expect((await again.get('/account')).status).toBe(200)
    },
  )

  test('is asked for with an expiry that clients can show', async () => {
    await using app = await startPasskeyApp()
    await addPasskey(await app.login('alice'), new SoftwarePasskey())
    const asked = await (await app.login('alice')).post(`${mount}/challenge`, { method: 'passkey' })
    expect(asked.json).toMatchObject({
      ...{ method: 'passkey', expiresAt: app.clock.iso(300), expiresInSeconds: 300 },
    })
  })

  test('is neither asked for nor judged if the user has none', async () => {
    await using app = await startPasskeyApp()
    const { browser } = await setUpApp(app)
    const rest = { allowCredentials: [], userVerification: 'discouraged', timeout: 1 } as const
    const options: RequestOptions = { challenge: 'none', rpId: 'example.com', ...rest }
    for (const answer of [
      await browser.post(`${mount}/challenge`, { method: 'passkey' }),
      await give(browser, new SoftwarePasskey().get(options)),
    ]) {
      expect([answer.status, answer.json['code']]).toEqual([409, 'factor_not_enrolled'])
    }
  })

  test('passes in a form as well as in JSON', async () => {
    await using app = await startPasskeyApp()
    const passkey = new SoftwarePasskey()
    await addPasskey(await app.login('alice'), passkey)
    const alice = await app.login('alice')
    const { text } = await alice.page(`${mount}/`)
    const options = jsonIn(text, 'data-options') as RequestOptions
    const credential = JSON.stringify(passkey.get(options))
    const sent = await alice.submit(`${mount}/verify`, { method: 'passkey', credential })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/account'])
  })

  test('can be one of five, each with its name, date and last use', async () => {
    await using app = await startPasskeyApp()
    const alice = await app.login('alice')
    const all = Array.from({ length: 5 }, () => new SoftwarePasskey())
    for (const [index, passkey] of all.entries()) {
      await addPasskey(alice, passkey, index === 1 ? 'Key ring' : undefined)
    }
    const full = await alice.post(`${mount}/factors/passkey`, {})
    expect([full.status, full.json['code']]).toEqual([409, 'factor_limit'])
    app.clock.advance(3600)
    const again = await app.login('alice')
    expect((await askFor(again)).allowCredentials.map(({ id }) => id)).toEqual(
      all.map(({ id }) => id),
    )
    for (const passkey of all) {
      expect((await signIn(await app.login('alice'), passkey)).status).toBe(200)
    }
    const { factors } = (await alice.get(`${mount}/factors`)).json as { factors: object[] }
    expect(factors).toHaveLength(5)
    expect(factors.map((each): unknown => Reflect.get(each, 'name'))).toEqual([
      ...['Passkey', 'Key ring', 'Passkey 3', 'Passkey 4', 'Passkey 5'],
    ])
    expect(factors[1]).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/) as string,
      kind: 'passkey',
      name: 'Key ring',
      addedAt: app.clock.iso(-3600),
      usedAt: app.clock.iso(),
      usable: true,
    })
  })

  test('cannot be registered twice', async () => {
    await using app = await startPasskeyApp()
    const alice = await app.login('alice')
    const passkey = new SoftwarePasskey({ transports: ['usb', 'nfc', 'telepathy'] })
    await addPasskey(alice, passkey)
    const begun = await beginPasskey(alice)
    expect(begun.options.excludeCredentials).toEqual([
      { type: 'public-key', id: passkey.id, transports: ['nfc', 'usb'] },
    ])
    const twice = await confirmPasskey(alice, begun, passkey.create(begun.options))
    expect([twice.status, twice.json['code']]).toEqual([403, 'passkey_rejected'])
  })

  test('can be renamed and removed, and the password manager learns which remain', async () => {
    await using app = await startPasskeyApp()
    const alice = await app.login('alice')
    const [laptop, stick] = [new SoftwarePasskey(), new SoftwarePasskey()]
    const id = await addPasskey(alice, laptop, 'Laptop')
    await addPasskey(alice, stick, 'Stick')
    const renamed = await alice.post(`${mount}/factors/${id}/rename`, { name: 'Old laptop' })
    expect(renamed.json).toMatchObject({ id, name: 'Old laptop' })
    expect((await alice.get(`${mount}/factors`)).json).toMatchObject({
      factors: [{ name: 'Old laptop' }, { name: 'Stick' }],
    })
    expect((await alice.delete(`${mount}/factors/${id}`)).status).toBe(204)
    const page = await alice.page(`${mount}/factors`)
    expect(jsonIn(page.text, 'data-signal')).toEqual({
      rpId: 'example.com',
      userId: stick.handle,
      allAcceptedCredentialIds: [stick.id],
    })
    expect(page.text).toContain('Stick')
    expect(page.text).not.toContain('Old laptop')
    const again = await app.login('alice')
    const removed = await signIn(again, laptop)
    expect([removed.status, removed.json['code']]).toEqual([403, 'passkey_rejected'])
    expect((await signIn(again, stick)).status).toBe(200)
  })

  test('can be removed if it is the last and optional, leaving nothing held and the user handle unchanged', async () => {
    await using app = await startPasskeyApp({}, { enrolment: { when: 'optional' } })
    const alice = await app.login('alice')
    const passkey = new SoftwarePasskey()
    const id = await addPasskey(alice, passkey)
    expect((await alice.delete(`${mount}/factors/${id}`)).status).toBe(204)
    expect((await app.store.read('1'))?.factors['passkey']).toEqual({
      ...{ handle: passkey.handle, keys: [], spent: [expect.anything() as object] },
    })
    const page = await alice.page(`${mount}/factors`)
    expect(jsonIn(page.text, 'data-signal')).toMatchObject({ allAcceptedCredentialIds: [] })
    const { options } = await beginPasskey(await app.login('alice'))
    expect(options.user.id).toBe(passkey.handle)
  })

  test('needs a fresh pass with the other factor if the user holds one', async () => {
    await using app = await startPasskeyApp()
    const held = await setUpApp(app)
    app.clock.advance(60)
    const alice = await app.login('alice')
    const early = await alice.post(`${mount}/factors/passkey`, {})
    expect([early.status, early.json['code']]).toEqual([403, 'second_factor_required'])
    await alice.post(`${mount}/verify`, { method: 'totp', code: held.code() })
    await addPasskey(alice, new SoftwarePasskey())
    expect((await alice.get(`${mount}/`)).json).toMatchObject({ methods: ['passkey', 'totp'] })
  })

  test('passes a lock caused by wrong codes, and ends it', async () => {
    await using app = await startPasskeyApp()
    const { browser } = await setUpApp(app)
    const passkey = new SoftwarePasskey()
    await addPasskey(browser, passkey)
    const alice = await app.login('alice')
    for (let tries = 0; tries < 10; tries += 1) {
      await alice.post(`${mount}/verify`, { method: 'totp', code: '000000' })
    }
    expect((await alice.get(`${mount}/`)).json).toMatchObject({ locked: true })
    expect((await signIn(alice, passkey)).status).toBe(200)
    expect((await alice.get(`${mount}/`)).json).toMatchObject({ locked: false })
  })
})

describe('the pages', () => {
  test('ask for a passkey with their own script, which no other page loads', async () => {
    await using app = await startPasskeyApp()
    const { browser } = await setUpApp(app)
    await addPasskey(browser, new SoftwarePasskey())
    const alice = await app.login('alice')
    const page = await alice.page(`${mount}/`)
    const own = tagsOf(page.text, 'script').filter(({ src }) => src?.includes('/passkey.'))
    expect(own).toHaveLength(1)
    const script = await alice.get(own[0]?.['src'] ?? '')
    expect([script.status, script.headers.get('content-type')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ])
    expect(script.text).not.toMatch(/fetch\(|XMLHttpRequest|eval|innerHTML/)
    expect(page.headers.get('content-security-policy')).not.toContain('connect-src')
    expect(page.text).toContain(`href="${mount}/use/totp"`)
    const other = await alice.page(`${mount}/use/totp`)
    expect(other.text).not.toContain('/assets/passkey.')
    expect(other.text).toContain('Use a passkey')
  })

  test('without scripts say what is missing and hide what would not work', async () => {
    await using app = await startPasskeyApp()
    await addPasskey(await app.login('alice'), new SoftwarePasskey())
    const { text } = await (await app.login('alice')).page(`${mount}/`)
    const form = tagsOf(text, 'form').find((each) => 'data-passkey' in each)
    expect(form).toHaveProperty('hidden')
    expect(text).toContain('you need JavaScript and a browser that supports passkeys')
  })

  test('offer to trust the device along with a passkey, if devices can be trusted', async () => {
    await using app = await startPasskeyApp({}, { trustedDevices: { days: 30, acceptAal1: true } })
    const passkey = new SoftwarePasskey()
    await addPasskey(await app.login('alice'), passkey)
    const alice = await app.login('alice')
    const { text } = await alice.page(`${mount}/`)
    expect(tagsOf(text, 'input').map(({ name }) => name)).toContain('trustDevice')
    const credential = JSON.stringify(passkey.get(await askFor(alice)))
    const fields = { method: 'passkey', credential, trustDevice: 'on' }
    const sent = await alice.submit(`${mount}/verify`, fields)
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/account'])
    expect((await alice.get(`${mount}/factors`)).json).toMatchObject({
      devices: [{ current: true }],
    })
  })

  test('show a refused form again, with a new challenge', async () => {
    await using app = await startPasskeyApp()
    await addPasskey(await app.login('alice'), new SoftwarePasskey())
    const alice = await app.login('alice')
    const challengeOf = (text: string) => (jsonIn(text, 'data-options') as RequestOptions).challenge
    const before = await alice.page(`${mount}/`)
    const credential = JSON.stringify(new SoftwarePasskey().get(await askFor(alice)))
    const sent = await alice.submit(`${mount}/verify`, { method: 'passkey', credential })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `${mount}/use/passkey`])
    const after = await alice.page(`${mount}/use/passkey`)
    expect(after.text).toContain('That passkey didn’t work.')
    expect(challengeOf(after.text)).not.toBe(challengeOf(before.text))
  })

  test('offer to name a new passkey, and show what was wrong with a name', async () => {
    await using app = await startPasskeyApp()
    const alice = await app.login('alice')
    const page = await alice.page(`${mount}/factors/passkey`)
    const fields = Object.fromEntries(
      tagsOf(page.text, 'input').map(({ name = '', value = '' }) => [name, value]),
    )
    expect(fields).toEqual({ credential: '', setup: expect.any(String) as string, name: 'Passkey' })
    const { setup = '', name = '' } = fields
    const credential = JSON.stringify(
      new SoftwarePasskey().create((await beginPasskey(alice)).options),
    )
    const sent = await alice.submit(`${mount}/factors/passkey/confirm`, { setup, name, credential })
    expect([sent.status, sent.text.includes('That passkey didn’t work.')]).toEqual([403, true])
  })
})
