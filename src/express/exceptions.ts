/** Paths that a gate lets through whatever the session holds, such as a logout. Only the exact spelling counts. */

import type { Request } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { routedPath } from './address.js'
import type { HttpContext } from './context.js'

/**
 * The form of such a path: no encoding, empty segment, `.`, `..` or query, and no character that Express reads as a
 * pattern. A request spelt in any other way is not excepted, even if Express routes it to the same handler.
 */
const plainPath = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~@-]+)+\/?$/

/** The suffix that excepts everything below a path. */
const below = '/*'

/**
 * Makes the function that returns true for requests of these paths.
 *
 * @throws ConfigurationError if one is not a plain path.
 */
export function exceptedPaths(
  { basePath }: HttpContext,
  except: readonly string[],
): (req: Request) => boolean {
  const areTexts = Array.isArray(except) && except.every((path) => typeof path === 'string')
  if (!areTexts) fail('must be a list of paths')
  const exact = new Set<string>()
  const folders: string[] = []
  for (const option of except) {
    const isFolder = option.endsWith(below)
    const path = isFolder ? option.slice(0, -below.length) : option
    if (!plainPath.test(path) && (option !== '/' || isFolder)) fail(`cannot hold '${option}'`)
    const full = path.startsWith(`${basePath}/`) ? path : basePath + path
    if (isFolder) folders.push(`${full}/`)
    else exact.add(full)
  }
  if (exact.size + folders.length === 0) return () => false
  return (req) => {
    const routed = routedPath(req)
    if (routed === null) return false
    const path = basePath + routed
    const isBelow = (folder: string) => path.startsWith(folder) && path !== folder
    return exact.has(path) || (plainPath.test(routed) && folders.some(isBelow))
  }
}

function fail(problem: string): never {
  throw new ConfigurationError(
    `gate.except ${problem}; it takes whole paths as browsers see them, such as ['/logout'], and folders such as ` +
      "'/assets/*': letters, digits and -._~@, without a query, an encoding or a pattern",
    'gate.except',
  )
}
