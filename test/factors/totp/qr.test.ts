/** QR codes: an independent decoder reads what was drawn. */

import jsqr from 'jsqr'
import { describe, expect, test } from 'vitest'

import { qrCode, qrSvg, type QrCode } from '../../../src/factors/totp/qr.js'
import { keyUri } from '../../../src/factors/totp/uri.js'
import { render } from '../../../src/pages/html.js'

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const uri = keyUri({ issuer: 'Example', account: 'alice@example.com', secret })

/** Jsqr is a CommonJS module that Node and TypeScript see differently. */
const decode = (typeof jsqr === 'function' ? jsqr : (jsqr as { default: unknown }).default) as (
  data: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string } | null

/** Draws the path as a browser would, so many pixels a module, and reads it. */
function decoded({ size, path }: QrCode, scale = 3): string | null {
  const width = size * scale
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    const left = Number(x) * scale
    const top = Number(y) * scale
    for (let row = top; row < top + scale; row += 1) {
      for (let at = left; at < left + Number(run) * scale; at += 1) {
        pixels.fill(0, (row * width + at) * 4, (row * width + at) * 4 + 3)
      }
    }
  }
  return decode(pixels, width, width)?.data ?? null
}

describe('a QR code', () => {
  test.each([
    ['usual', uri],
    ['with signs', keyUri({ issuer: 'A+B & C', account: '50% <b>', secret })],
    ['in other scripts', keyUri({ issuer: 'Банк', account: 'علي', secret })],
    ['long', keyUri({ issuer: 'i'.repeat(500), account: 'a'.repeat(500), secret })],
    ['long in Chinese', keyUri({ issuer: '字'.repeat(500), account: '字'.repeat(500), secret })],
  ])('of a %s address is read as that address', (_, text) => {
    expect(decoded(qrCode(text))).toBe(text)
  })

  test('has four light modules on each side', () => {
    const { size, path } = qrCode(uri)
    const dark = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)]
    expect(dark.map(([all]) => all).join('')).toBe(path)
    for (const [, x, y, run, back] of dark) {
      expect(run).toBe(back)
      expect(Math.min(Number(x), Number(y))).toBeGreaterThanOrEqual(4)
      expect(Math.max(Number(x) + Number(run), Number(y) + 1)).toBeLessThanOrEqual(size - 4)
    }
    expect(Math.min(...dark.map(([, x]) => Number(x)))).toBe(4)
    expect(Math.min(...dark.map(([, , y]) => Number(y)))).toBe(4)
  })

  test('has at most version 16, 81 modules, whatever the names', () => {
    const long = keyUri({ issuer: '%'.repeat(500), account: '%'.repeat(500), secret })
    expect(qrCode(long).size).toBeLessThanOrEqual(81 + 8)
    expect(qrCode(uri).size).toBeLessThanOrEqual(37 + 8)
    expect(() => qrCode('a'.repeat(600))).toThrow(RangeError)
  })
})

describe('its image', () => {
  const code = qrCode(uri)
  const svg = render(qrSvg(code, `"Code" & <more>`))

  test('is one white rectangle and one dark path, coloured without a style attribute', () => {
    expect(svg.match(/<\w+/g)).toEqual(['<svg', '<rect', '<path'])
    expect(svg).toContain(`<rect width="${code.size}" height="${code.size}" fill="#fff" />`)
    expect(svg).toContain(`<path d="${code.path}" fill="#000" />`)
    expect(svg).toContain(`viewBox="0 0 ${code.size} ${code.size}"`)
    expect(svg).not.toMatch(/style|script|\bon\w+=/)
  })

  test('has a label for screen readers', () => {
    expect(svg).toContain('role="img"')
    expect(svg).toContain('aria-label="&quot;Code&quot; &amp; &lt;more&gt;"')
  })
})
