/** QR codes as SVG. */

import { encode } from 'uqr'

import { html, type Html } from '../../pages/html.js'

/** A QR code, ready to be drawn. */
export interface QrCode {
  /** Its width and height in modules, the quiet zone included. */
  readonly size: number
  /** The path of its dark modules, as the attribute `d` of an SVG path. */
  readonly path: string
}

/** Light modules around a code, without which cameras do not find it. */
const quietZone = 4

/** Larger codes have modules too small for a camera in front of a screen. */
const largestVersion = 16

/**
 * The QR code of a text.
 *
 * @throws RangeError for a text that needs a larger code; `keyUri` returns none.
 */
export function qrCode(text: string): QrCode {
  const options = { boostEcc: true, maxVersion: largestVersion, border: quietZone } as const
  const { size, data } = encode(text, options)
  return { size, path: data.map((row, y) => runs(row, y)).join('') }
}

/** The code as one SVG: dark on white in every colour scheme, since many cameras read no other. */
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

/** One rectangle for each run of dark modules in a row. */
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
