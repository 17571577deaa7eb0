/** The address that the example prints, and whether passkeys work there. */

import { describe, expect, test } from 'vitest'

import { Browser } from '../support/browser.js'
import { newDatabase, startExample } from '../support/example.js'
import { textOf } from '../support/html.js'

const mount = '/second-factor'

describe('the address', () => {
  test('is printed as localhost, where passkeys work, and 127.0.0.1 responds as well', async () => {
    const example = await startExample({ DATABASE_URL: newDatabase() })
    const { hostname, port } = new URL(example.url)
    expect(hostname).toBe('localhost')
    expect((await new Browser(`http://127.0.0.1:${port}`).get('/healthz')).status).toBe(200)
    const carol = await example.login('carol')
    const begun = await carol.post(`${mount}/factors/passkey`)
    expect(begun.json).toMatchObject({ options: { rp: { id: 'localhost', name: 'Pennywort' } } })
  })

  test.each([
    ['https://app.example', 'app.example'],
    ['http://app.example', null],
    ['https://192.0.2.1', null],
    ['https://[2001:db8::1]', null],
  ])('%s has passkeys for the domain %s', async (PUBLIC_URL, rpId) => {
    const example = await startExample({ DATABASE_URL: newDatabase(), PUBLIC_URL })
    const carol = await example.login('carol')
    const begun = await carol.post(`${mount}/factors/passkey`)
    const profile = textOf((await carol.page('/profile')).text)
    if (rpId === null) {
      expect(begun.status).not.toBe(201)
      expect(profile).not.toContain('Passkey')
      expect(example.output()).toMatch(/^Listening on \S+ \(.+\); no passkeys, which need /)
    } else {
      expect(begun.json).toMatchObject({ options: { rp: { id: rpId } } })
      expect(profile).toContain('Passkeys off')
      expect(example.output()).not.toContain('no passkeys')
    }
  })
})
