/** Builds the package and the example for the tests that start it, if the build is older than the source. */

import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Run by vitest once, before the tests of the example. */
export default function buildExample(): void {
  const builtPackage = changedAt('dist/index.js')
  if (builtPackage < Math.max(newestIn('src'), changedAt('tsconfig.json'))) {
    compile('.')
    run(join(root, 'src/pages/assets/embed.mjs'))
    run(join(root, 'src/factors/passkeys/assets/embed.mjs'))
  }
  const builtExample = changedAt('example-app/dist/main.js')
  if (builtExample < Math.max(newestIn('example-app'), changedAt('dist/index.js'))) {
    compile('example-app')
  }
}

function compile(project: string): void {
  run(join(root, 'node_modules/typescript/bin/tsc'), '--project', project)
}

function run(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
}

/** When a file was changed last; 0 where there is none. */
function changedAt(path: string): number {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** When the newest source in a folder was changed. */
function newestIn(folder: string): number {
  const sources = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:ts|css|m?js)$/.test(path) && !/^(?:dist|public)\b/.test(path))
    .map((path) => changedAt(join(folder, path)))
  return Math.max(...sources)
}
