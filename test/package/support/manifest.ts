/** Reads the package's entry points, and their source files, from package.json. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './source-tree.js'

/** The parts of package.json that tests read. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly sideEffects?: boolean
  readonly engines: { readonly node: string }
  readonly scripts: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | (Target & { readonly require: Target })>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

/** The files of an entry point. */
interface Target {
  readonly types: string
  readonly default: string
}

/** One way into the package. */
export interface EntryPoint {
  /** The specifier that a user imports, such as `passport-second-factor/testing`. */
  readonly specifier: string
  /** The file it is built from, relative to the root. */
  readonly source: string
  /** The built file, relative to the root. */
  readonly built: string
  /** The built declarations, relative to the root. */
  readonly types: string
  /** The files for CommonJS: a file that requires the built one, and its declarations. */
  readonly commonjs: readonly string[]
}

/** Reads a manifest: ours by default. */
export function readManifest(folder: string = root): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** Every subpath of `exports` but package.json itself. */
export function entryPoints(manifest: Manifest = readManifest()): EntryPoint[] {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return []
    return {
      specifier: manifest.name + subpath.slice(1),
      source: target.default.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts'),
      built: target.default.slice(2),
      types: target.types.slice(2),
      commonjs: [target.require.types, target.require.default].map((file) => file.slice(2)),
    }
  })
}

/** Packages that a user of this one has installed: what `src` may import. */
export function installedWithUs(manifest: Manifest = readManifest()): string[] {
  return [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
}
