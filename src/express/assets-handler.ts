/** `GET {mount}/assets/{name}`: the style sheet and the script of the default pages. */

import type { RequestHandler } from 'express'

import { assetNamed } from '../pages/assets.js'

/**
 * Browsers keep a file for good, as another content has another name. Caches that people share may not: a session
 * that rolls puts its cookie on this answer as well.
 */
const forGood = 'private, max-age=31536000, immutable'

export const sendAsset: RequestHandler = (req, res, next) => {
  const found = assetNamed(String(req.params['name']))
  if (found === null) {
    next()
    return
  }
  const { asset, current } = found
  res.set({
    'Cache-Control': current ? forGood : 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  res.type(asset.type).send(asset.content)
}
