/** QR codes as SVG. */

import { encode } from 'uqr'

import { html, type Html } from '../../pages/html.js'

/** A QR code, ready to draw. */
export interface QrCode {
  /** Width and height in modules, including the quiet zone. */
  readonly size: number
  /** The dark modules, as the `d` attribute of an SVG path. */
  readonly path: string
}

/** Light modules around the code. Cameras need them to find it. */
const quietZone = 4

/** The modules of larger codes are too small to scan from a screen. */
const largestVersion = 16

/**
 * Encodes a text as a QR code.
 *
 * @throws RangeError if the text needs a larger code. No text from `keyUri` does.
 */
export function qrCode(text: string): QrCode {
  const options = { boostEcc: true, maxVersion: largestVersion, border: quietZone } as const
  const { size, data } = encode(text, options)
  return { size, path: data.map((row, y) => runs(row, y)).join('') }
}

/** Draws a code as an SVG: always dark on white, because many cameras cannot read an inverted code. */
export function qrSvg({ size, path }: QrCode, label: string): Html {
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="qr"
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label="${label}"
    shape-rendering="crispEdges"
  >
    <rect width="${size}" height="${size}" fill="#fff" />
    <path d="${path}" fill="#000" />
  </svg>`
}

/** Makes a path with one rectangle for each run of dark modules in a row. */
function runs(row: readonly boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] !== true) continue
    const from = x
    while (row[x + 1] === true) x += 1
    const width = x + 1 - from
    path += `M${from} ${y}h${width}v1h-${width}z`
  }
  return path
}
