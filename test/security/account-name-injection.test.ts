/**
 * The attacker chooses an account name, which becomes the label in an authenticator app: markup, separators of the URI
 * in the QR code, bidirectional control characters, and names that are far too long.
 */

import jsqr from 'jsqr'
import { expect, test } from 'vitest'

import { totp } from '../../src/index.js'
import { mount, setUpApp, startHeldApp } from '../support/held-app.js'
import { beginApp, heldIds, type Begun } from '../support/held-deeds.js'

const names = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `Example:admin`,
  `a&secret=AAAA&issuer=Bank`,
  `a?secret=AAAA#`,
  `alice\u202Egnp.exe`,
  `alice\u0000\r\nSet-Cookie: a=b`,
  `50% + 1`,
  `Zoé 用户 🔑`,
  `\uD800`,
  'x'.repeat(500),
  '用'.repeat(500),
  '👩‍👩‍👧'.repeat(100),
]

/** Jsqr is a CommonJS module that Node and TypeScript see differently. */
const decode = (typeof jsqr === 'function' ? jsqr : (jsqr as { default: unknown }).default) as (
  data: Uint8ClampedArray,
  width: number,
  height: number,
) => { readonly data: string } | null

/** The text in a QR code, as a camera would read it. */
function scan(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1])
  const path = / d="([^"]*)"/.exec(svg)?.[1] ?? ''
  const zoom = 4
  const width = size * zoom
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  const dark = (left: number, top: number, across: number) => {
    for (let y = top * zoom; y < (top + 1) * zoom; y += 1) {
      for (let x = left * zoom; x < (left + across) * zoom; x += 1) {
        pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
      }
    }
  }
  for (const [, x, y, across] of path.matchAll(/M(\d+)[ ,](\d+)h(\d+)/g)) {
    dark(Number(x), Number(y), Number(across))
  }
  return decode(pixels, width, width)?.data ?? ''
}

function expectOneSecret({ uri, secret, qr }: Begun): URL {
  const address = new URL(uri)
  expect([address.protocol, address.host]).toEqual(['otpauth:', 'totp'])
  expect(address.searchParams.getAll('secret')).toEqual([secret])
  expect([...address.searchParams.keys()].filter((key) => key !== 'issuer')).toEqual(['secret'])
  expect(address.hash).toBe('')
  expect(scan(qr)).toBe(uri)
  // Version 16 has 81 modules, and four more on each side.
  expect(Number(/viewBox="0 0 (\d+) /.exec(qr)?.[1])).toBeLessThanOrEqual(89)
  return address
}

test.each(names)('an account named %j yields one label, one secret and no markup', async (name) => {
  await using app = await startHeldApp({
    users: {
      id: ({ id }) => id,
      label: () => name,
      hasFactors: () => false,
      setHasFactors: () => undefined,
    },
  })
  const jar = await app.login('alice')
  const address = expectOneSecret(await beginApp(jar))
  expect(address.searchParams.getAll('issuer')).toEqual(['Example'])
  const label = decodeURIComponent(address.pathname.replace(/^\/+/, ''))
  expect(label).toMatch(/^Example(:[^:]+)?$/)
  expect(label).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u)

  const page = await jar.page(`${mount}/factors/totp`)
  expect(page.status).toBe(200)
  expect(page.text).not.toContain('<script>alert')
  expect(page.text).not.toContain('<img')
  expect(page.headers.get('set-cookie') ?? '').not.toContain('a=b')
  const [, link = ''] = /href="(otpauth:[^"]*)"/.exec(page.text) ?? []
  expect(new URL(link.replaceAll('&amp;', '&')).searchParams.getAll('secret')).toHaveLength(1)
})

test.each(names)(
  'an application named %j yields one label, one secret and no markup',
  async (issuer) => {
    await using app = await startHeldApp({ factors: [totp({ issuer })] })
    const jar = await app.login('alice')
    const address = expectOneSecret(await beginApp(jar))
    expect(address.searchParams.getAll('issuer').length).toBeLessThanOrEqual(1)
    const page = await jar.page(`${mount}/factors/totp`)
    expect(page.text).not.toContain('<script>alert')
    expect(page.text).not.toContain('<img')
  },
)

test.each(names.slice(0, 10))('a factor named %j is shown as plain text', async (name) => {
  await using app = await startHeldApp()
  const { browser } = await setUpApp(app)
  const [id = ''] = await heldIds(browser)
  const renamed = await browser.post(`${mount}/factors/${id}/rename`, { name })
  expect([200, 400]).toContain(renamed.status)
  const page = await browser.page(`${mount}/factors`)
  expect(page.status).toBe(200)
  expect(page.text).not.toContain('<script>alert')
  expect(page.text).not.toContain('<img')
  const { factors } = (await browser.get(`${mount}/factors`)).json as {
    factors: { name: string }[]
  }
  expect(factors[0]?.name.length).toBeLessThanOrEqual(100)
  expect(factors[0]?.name).not.toMatch(/[\p{Cc}\u202A-\u202E]/u)
})
