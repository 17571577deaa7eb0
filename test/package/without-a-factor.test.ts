/** A factor is a folder and a line: without them, everything else compiles and its tests pass. */

import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'

import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { rememberingHost } from './support/consumer.js'
import { copyProject, removeCopy } from './support/project-copy.js'
import { parseSource, readSources, root, type SourceFile } from './support/source-tree.js'

/** The composition root without the phone, which has most of its lines. */
const rootWithoutPhone = `
/** No factor comes with this package. */

import type { Router } from 'express'

import type { ActionFacts } from './core/admin.js'
import type { View } from './pages/page.js'
import type { Factor } from './ports/factor.js'
import type { FactorTools } from './ports/factor-tools.js'
import type { OpenRoute, Webhook } from './ports/open-route.js'
import type { ChallengeView } from './core/view.js'

export interface ShippedDirectory<User> {
  readonly nobody?: User | undefined
}
export interface ShippedOptions<User> {
  readonly nothing?: User | undefined
}
export const shippedOptionNames = { nothing: true } as const
export const shippedDirectoryNames = { nobody: true } as const
export interface ShippedViews {
  readonly none?: View<never> | undefined
}
export interface ShippedStartOptions {
  readonly none?: undefined
}
export type ShippedChallengeView = ChallengeView
export interface ShippedStatus {
  readonly none?: undefined
}
export interface ShippedRouters {
  readonly none?: Router
}
export interface ShippedLimits {
  readonly noLimits?: undefined
}
export interface RouterMaker {
  readonly open: (routes: readonly OpenRoute[]) => Router
  readonly webhooks: (webhooks: readonly Webhook[]) => Router
}
export interface Shipped<User> {
  readonly factors: readonly Factor<User>[]
  limits(
    record: (
      action: { readonly type: string; readonly subject: string },
      work: () => Promise<void>,
    ) => Promise<void>,
  ): ShippedLimits
  routers(make: RouterMaker): ShippedRouters
}
export function createShipped<User>(options: ShippedOptions<User>, tools: FactorTools): Shipped<User> {
  if (options.nothing !== undefined) tools.clock()
  return { factors: [], limits: () => ({}), routers: () => ({}) }
}
export interface ShippedCalls<User> {
  readonly noCalls?: User | undefined
}
export function shippedCalls<User>(
  importSecret: (
    user: User,
    secret: { kind: string; secret: string; name: string | null },
    by: ActionFacts,
  ) => Promise<void>,
): ShippedCalls<User> {
  return importSecret.length > 9 ? { noCalls: undefined } : {}
}
`

/** Tests of rooms that name no factor; for the phone, whose lines are most, also those of stores and pages. */
const roomsOf = (kind: string) =>
  kind === 'phone'
    ? /^test\/(?:core|flows|pages|factors|adapters\/(?:memory|sequelize|redis)-store)\b/
    : /^test\/(?:core\/grant|factors\/word-factor)\b/

const kinds = readdirSync(join(root, 'src/factors'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const sources = readSources('src')
const testSources = readSources('test')

/** The declarations of vendors are the same for every kind. */
const host = rememberingHost(parsedOptions(root).options)

describe.each(kinds)('without src/factors/%s and its line', (kind) => {
  let copy = ''
  let tests: readonly string[] = []

  beforeAll(() => {
    copy = copyProject()
    const removed = removedWith(kind, sources)
    for (const folder of removed) rmSync(join(copy, folder), { recursive: true })
    writeFileSync(join(copy, 'src/shipped-factors.ts'), rootWithout(kind, sources))
    const names = new Map<string, ReadonlySet<string>>()
    for (const index of indexes) {
      const left = indexWithout(index, sources, removed)
      writeFileSync(join(copy, index), left.text)
      names.set(index, left.names)
    }
    tests = testsWithout(testSources, sources, { removed, names, rooms: roomsOf(kind) })
  }, 60_000)

  afterAll(() => {
    removeCopy(copy)
  })

  test('the rest of src compiles', () => {
    const { fileNames, options } = parsedOptions(copy)
    const program = ts.createProgram(fileNames, options, host)
    const faults = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
    expect(faults).toEqual([])
    expect(fileNames.length).toBeGreaterThan(60)
  }, 120_000)

  test('the tests of the rest pass', () => {
    expect(tests).toEqual(
      expect.arrayContaining(['test/core/grant.test.ts', 'test/factors/word-factor.test.ts']),
    )
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const run = spawnSync(
      process.execPath,
      [
        vitest,
        'run',
        '--root',
        copy,
        '--project',
        'all',
        '--project',
        'timers',
        '--reporter',
        'dot',
        ...tests,
      ],
      { cwd: copy, encoding: 'utf8', env: withoutServers, timeout: 280_000 },
    )
    expect(`${run.stdout}\n${run.stderr}`).toContain(`Test Files  ${tests.length} passed`)
    expect(run.status).toBe(0)
  }, 300_000)
})

/**
 * The tests run beside those of this project, whose tables on the two servers have the same names. SQLite, Redis and memory
 * remain.
 */
const withoutServers = {
  ...process.env,
  NO_COLOR: '1',
  REQUIRE_SERVICES: '',
  TEST_POSTGRES_URL: 'postgres://127.0.0.1:1/none',
  TEST_MARIADB_URL: 'mariadb://127.0.0.1:1/none',
}

/** The parsed tsconfig.json of a folder. */
function parsedOptions(folder: string): ts.ParsedCommandLine {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )
  if (config === undefined) throw new Error(`${folder} has no tsconfig.json`)
  return config
}

/** The entry points that export something of a factor. */
const indexes = ['src/index.ts', 'src/testing/index.ts']

/** The factor's folder, and the folders of its vendors: those whose adapters name its types. */
function removedWith(kind: string, sources: readonly SourceFile[]): readonly string[] {
  const own = `src/factors/${kind}`
  const vendors = sources
    .filter(({ path, imports }) => {
      const names = imports.some(({ target }) => target?.startsWith(`${own}/`))
      return names && path.startsWith('src/adapters/')
    })
    .map(({ path }) => path.split('/').slice(0, 3).join('/'))
  return [own, ...new Set(vendors)]
}

function isIn(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`))
}

/** An entry point without what it exports from those folders, and the names that are left. */
function indexWithout(path: string, sources: readonly SourceFile[], removed: readonly string[]) {
  const index = sources.find((source) => source.path === path)
  if (index === undefined) throw new Error(`there is no ${path}`)
  let text = '/** What is left. */\n\n'
  const names = new Set<string>()
  for (const statement of index.ast.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) continue
    const { text: specifier } = statement.moduleSpecifier as ts.StringLiteral
    if (isIn(removed, posix.join(posix.dirname(path), specifier))) continue
    text += `${statement.getText()}\n`
    const { exportClause } = statement
    if (exportClause !== undefined && ts.isNamedExports(exportClause)) {
      for (const { name } of exportClause.elements) names.add(name.text)
    }
  }
  return { text, names }
}

/** The composition root without the lines that name something of the factor. */
function rootWithout(kind: string, sources: readonly SourceFile[]): string {
  const shipped = sources.find(({ path }) => path === 'src/shipped-factors.ts')
  if (shipped === undefined) throw new Error('there is no src/shipped-factors.ts')
  if (kind === 'phone') return rootWithoutPhone
  const gone: string[] = []
  let text = shipped.text
  for (const statement of shipped.ast.statements) {
    if (!ts.isImportDeclaration(statement)) continue
    const { text: specifier } = statement.moduleSpecifier as ts.StringLiteral
    if (!specifier.startsWith(`./factors/${kind}/`)) continue
    text = text.replace(statement.getText(), '')
    const bindings = statement.importClause?.namedBindings
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue
    gone.push(...bindings.elements.map(({ name }) => name.text))
  }
  const namesGone = (line: string) => gone.some((name) => new RegExp(`\\b${name}\\b`).test(line))
  return text
    .split('\n')
    .filter((line) => !namesGone(line))
    .join('\n')
}

/** The rest of the package, and the tests to run on it. */
interface Left {
  readonly removed: readonly string[]
  /** The remaining exports of the entry points. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>
  readonly rooms: RegExp
}

/** The tests that need nothing of those folders, and nothing of the root that is gone with them. */
function testsWithout(
  files: readonly SourceFile[],
  sources: readonly SourceFile[],
  { removed, names, rooms }: Left,
): readonly string[] {
  const byPath = new Map([...files, ...sources].map((file) => [file.path, file]))
  const needs = (path: string, seen: Set<string>): boolean => {
    if (seen.has(path)) return false
    seen.add(path)
    if (isIn(removed, path)) return true
    const file = byPath.get(path)
    // A script that is no TypeScript runs the built package, which has everything.
    if (file === undefined) return !path.endsWith('.ts')
    if (names.has(path) || path === 'src/shipped-factors.ts') return false
    return (
      importsGoneNames(file, names) ||
      file.imports.some(({ target }) => target !== null && needs(target, seen))
    )
  }
  return files
    .map(({ path }) => path)
    .filter((path) => rooms.test(path) && path.endsWith('.test.ts'))
    .filter((path) => !needs(path, new Set()))
}

function importsGoneNames({ path, ast }: SourceFile, left: Left['names']): boolean {
  return ast.statements.some((statement) => {
    if (!ts.isImportDeclaration(statement)) return false
    const { text: specifier } = statement.moduleSpecifier as ts.StringLiteral
    const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')
    const names = left.get(target)
    const bindings = statement.importClause?.namedBindings
    return (
      names !== undefined &&
      bindings !== undefined &&
      ts.isNamedImports(bindings) &&
      bindings.elements.some(({ name, propertyName }) => !names.has((propertyName ?? name).text))
    )
  })
}

test('the selection of tests leaves out what needs the factor', () => {
  const file = (path: string, text: string) => parseSource(path, text)
  const sources = [
    file('src/index.ts', "export { a } from './core/a.js'\n"),
    file('src/core/a.ts', ''),
    file('src/factors/phone/b.ts', ''),
  ]
  const tests = [
    file('test/core/a.test.ts', "import '../../src/core/a.js'"),
    file('test/core/b.test.ts', "import '../../src/factors/phone/b.js'"),
    file('test/core/c.test.ts', "import { a, phone } from '../../src/index.js'"),
  ]
  const selected = testsWithout(tests, sources, {
    removed: ['src/factors/phone'],
    names: new Map([['src/index.ts', new Set(['a'])]]),
    rooms: roomsOf('phone'),
  })
  expect(selected).toEqual(['test/core/a.test.ts'])
})
