/** The style sheet and the script of the pages, under names that change with what is in them. */

import { createHash } from 'node:crypto'

import { operationsStyle, script, style } from './asset-files.js'

/** A file as browsers get it. */
export interface Asset {
  /** Its name, with a hash of the content in it. */
  readonly name: string
  readonly type: string
  readonly content: string
}

/** What the pages load. */
export const assets = {
  style: asset(style, 'css', 'text/css'),
  script: asset(script, 'js', 'text/javascript'),
}

/** What the pages of operators load beside the style sheet. */
export const operationsAsset = asset(operationsStyle, 'css', 'text/css', 'operations')

/**
 * The file that is meant by a name. While a new release replaces an old one, a page of one may ask the other for its
 * file; it then gets the one that is here, which `current` tells apart.
 */
export function assetNamed(
  name: string,
  others: readonly Asset[] = [],
): { asset: Asset; current: boolean } | null {
  const stem = /^([\w-]+)\.[\w-]{16}(\.(?:css|js))$/.exec(name)
  const found = [assets.style, assets.script, ...others].find(
    (each) =>
      stem !== null &&
      each.name.startsWith(`${stem[1] ?? ''}.`) &&
      each.name.endsWith(stem[2] ?? ''),
  )
  if (found === undefined) return null
  return { asset: found, current: found.name === name }
}

/** Makes a file with a hash of its content in its name. */
export function asset(
  content: string,
  extension: string,
  type: string,
  stem = 'second-factor',
): Asset {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 16)
  return { name: `${stem}.${hash}.${extension}`, type: `${type}; charset=utf-8`, content }
}
