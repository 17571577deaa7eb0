/** `GET {mount}/assets/{name}`: the style sheet and the scripts of the default pages. */

import type { RequestHandler } from 'express'

import { assetNamed, type Asset } from '../pages/assets.js'
import type { HttpContext } from './context.js'

/**
 * Browsers may keep a file forever, because new content gets a new name. Shared caches may not: a rolling session puts
 * its cookie on this response as well.
 */
const forGood = 'private, max-age=31536000, immutable'

export function sendAsset({ factors }: HttpContext): RequestHandler {
  return sendAssetOf(factors.flatMap(({ scripts }) => scripts ?? []))
}

/** As `sendAsset`, for these files besides those of every page. */
export function sendAssetOf(others: readonly Asset[]): RequestHandler {
  return (req, res, next) => {
    const found = assetNamed(String(req.params['name']), others)
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
}
