/** The style sheets and the script of the pages, under names that contain a hash of their content. */

import { createHash } from 'node:crypto'

import { operationsStyle, script, style } from './asset-files.js'

/** A file that browsers load. */
export interface Asset {
  /** The file name, with a hash of the content. */
  readonly name: string
  readonly type: string
  readonly content: string
}

/** The files that every page loads. */
export const assets = {
  style: asset(style, 'css', 'text/css'),
  script: asset(script, 'js', 'text/javascript'),
}

/** The style sheet that the operators' pages load as well. */
export const operationsAsset = asset(operationsStyle, 'css', 'text/css', 'operations')

/**
 * The file for a requested name. During a rolling release, a page of one version may ask the other version for its
 * file. It then gets the present file, and `current` is false.
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
