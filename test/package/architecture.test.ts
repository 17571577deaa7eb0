/** The source keeps its structure: direction of imports, pure core, file length, comments. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import ts from 'typescript'
import { describe, expect, test } from 'vitest'

import { codeViolations } from './support/code-rules.js'
import { undocumentedExports } from './support/doc-comments.js'
import { impurities, importCycles, importViolations } from './support/import-rules.js'
import { entryPoints, installedWithUs } from './support/manifest.js'
import { readSources, root } from './support/source-tree.js'

const src = readSources('src')
const example = readSources('example-app')

/** Words that belong to the room of one factor. */
const factorWord = /phone|\bsms|destination|channel|\btotp|passkey|authenticator app|recovery code/i

describe('imports', () => {
  test('follow the design, and each package is imported from one folder', () => {
    expect(importViolations(src, installedWithUs())).toEqual([])
  })

  test('form no cycles', () => {
    expect(importCycles([...src, ...example])).toEqual([])
  })

  test('in the example use the package by name, like a user’s', () => {
    const inside = example.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target !== null && !target.startsWith('example-app/'))
        .map(({ specifier, line }) => `${path}:${line}: import the package, not ${specifier}`),
    )
    expect(inside).toEqual([])
  })

  test('in the example end in .js and resolve to a file', () => {
    const known = new Set(example.map(({ path }) => path))
    const broken = example.flatMap(({ path, imports }) =>
      imports
        .filter(({ target, specifier }) => {
          return target !== null && !(specifier.endsWith('.js') && known.has(target))
        })
        .map(
          ({ specifier, line }) =>
            `${path}:${line}: ${specifier} must be a .js file of the example`,
        ),
    )
    expect(broken).toEqual([])
  })
})

describe('the source', () => {
  test('has a core without I/O, clock or settings, and one source of randomness', () => {
    expect(impurities(src)).toEqual([])
  })

  test('follows the form rules in every file of src and the example', () => {
    expect(codeViolations([...src, ...example])).toEqual([])
  })

  test('has an index.ts only at an entry point', () => {
    const entries = entryPoints().map(({ source }) => source)
    const barrels = src
      .filter(({ path }) => path.endsWith('/index.ts') && !entries.includes(path))
      .map(({ path }) => `${path}: an index.ts is an entry point of package.json's exports`)
    expect(barrels).toEqual([])
  })
})

describe.each(['core', 'flows', 'express', 'passport', 'pages'])('src/%s', (room) => {
  test('mentions no particular factor', () => {
    const files = readdirSync(join(root, 'src', room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|js|css)$/.test(file))
      .map((file) => ({ file, text: readFileSync(join(root, 'src', room, file), 'utf8') }))
    const words = files.flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, at) =>
          factorWord.test(line.replaceAll('iPhone', ''))
            ? [`${file}:${at + 1}: ${line.trim()}`]
            : [],
        ),
    )
    expect(words).toEqual([])
    expect(files.length).toBeGreaterThan(0)
  })
})

describe('the public entry points', () => {
  test('are all built from a file in src', () => {
    const missing = entryPoints()
      .filter(({ source }) => !existsSync(join(root, source)))
      .map(({ specifier, source }) => `${specifier}: ${source} does not exist`)
    expect(missing).toEqual([])
  })

  test('document every export and every option', () => {
    const entries = entryPoints()
      .map(({ source }) => join(root, source))
      .filter((file) => existsSync(file))
    const program = ts.createProgram(entries, {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      noLib: true,
      types: [],
    })
    const nameOf = (file: string) => file.replace(root, '')
    expect(undocumentedExports(program, entries, nameOf)).toEqual([])
  }, 120_000)
})
