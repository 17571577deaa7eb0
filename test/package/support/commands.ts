/** Returns which test executes a documented command. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { readManifest } from './manifest.js'
import type { Command } from './markdown.js'
import { root } from './source-tree.js'

/** The way to execute a command. */
export type Execution =
  /** By this very run, or by the run that checks every change. */
  | 'elsewhere'
  /** Started, asked for a page, and stopped. */
  | 'example'
  /** Run to its end in a copy of the project. */
  | 'copy'
  /** Sent to a running example. */
  | 'request'
  /** Not at all: the reason. */
  | { readonly refused: string }

const refused = (reason: string): Execution => ({ refused: reason })

/** Which test executes a command; a command that none executes has no place in a page. */
export function executionOf({ text }: Command): Execution {
  if (/^npm run example$/.test(text)) return 'example'
  if (/^npm run bench(?: -- .+)?$/.test(text) || /^node -[pe] .+$/.test(text)) return 'copy'
  if (/^curl .+$/.test(text)) return 'request'
  if (/^npm ci$/.test(text)) return isRunBy('setup', /npm ci/)
  if (/^npm test$|^npm run check$/.test(text)) {
    return readFileSync(join(root, '.ci/run'), 'utf8').split('\n').includes(text)
      ? 'elsewhere'
      : refused('.ci/run does not run it')
  }
  const small = /^npm run (example:\w+)$/.exec(text)?.[1]
  if (small !== undefined) return ofSmallExample(small)
  const installed = /^npm (?:install|i|add) (.+)$/.exec(text)?.[1]
  if (installed !== undefined) return ofInstall(installed)
  const script = /^npm run ([\w:-]+)$/.exec(text)?.[1]
  if (script !== undefined) return isRunBy('check', new RegExp(`npm run ${script}(?:\\s|$)`))
  const tested = /^npx vitest run (\S+)$/.exec(text)?.[1]
  if (tested !== undefined) {
    return existsSync(join(root, tested)) ? 'elsewhere' : refused(`${tested} does not exist`)
  }
  return refused('no test knows such a command')
}

/** A script that the checks of every change run. */
function isRunBy(script: string, part: RegExp): Execution {
  const text = readManifest().scripts[script] ?? ''
  return part.test(text) ? 'elsewhere' : refused(`the script ${script} does not run it`)
}

/** The tests of the small examples start each of their files. */
function ofSmallExample(script: string): Execution {
  const started = readManifest().scripts[script] ?? ''
  const file = /node example-app\/minimal\/(?:dist\/)?(\S+)$/.exec(started)?.[1]
  const source = file?.replace(/\.js$/, '.ts') ?? 'no file'
  const tests = readFileSync(join(root, 'test/example/minimal.test.ts'), 'utf8')
  return tests.includes(`'${source}'`) ? 'elsewhere' : refused(`no test starts ${source}`)
}

/** The consumer tests install this package and its peers; other names have to be known to package.json. */
function ofInstall(names: string): Execution {
  const { name, dependencies, devDependencies, peerDependencies } = readManifest()
  const known = new Set([
    ...[name, ...Object.keys(dependencies)],
    ...[...Object.keys(devDependencies), ...Object.keys(peerDependencies)],
  ])
  const unknown = names.split(/\s+/).filter((word) => !word.startsWith('-') && !known.has(word))
  return unknown.length === 0
    ? 'elsewhere'
    : refused(`package.json does not name ${unknown.join(', ')}`)
}
