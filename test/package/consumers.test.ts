/** The packed tarball, installed as a user would: its contents, and that every entry point works. */

import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  complaints,
  install,
  pack,
  rememberingHost,
  runProgram,
  untypedExports,
  write,
  type Tarball,
} from './support/consumer.js'
import { entryPoints, readManifest } from './support/manifest.js'
import { codeBlocks, readPage } from './support/markdown.js'
import { given } from './support/snippets.js'
import { readSources, root } from './support/source-tree.js'

const entries = entryPoints()
const specifiers = entries.map(({ specifier }) => specifier)
const required = ['express', 'express-session', 'passport']
const optional = ['sequelize', 'twilio', '@simplewebauthn/server', '@opentelemetry/api']
/** The ways in that name an optional peer. */
const withOptional = specifiers.filter((specifier) =>
  /\/(?:sequelize|twilio|passkey|opentelemetry)$/.test(specifier),
)
/** Every way in but those that are of no use without their peer, and load it at once. */
const withoutOptional = specifiers.filter(
  (specifier) => !/\/(?:sequelize|opentelemetry)$/.test(specifier),
)

const folder = mkdtempSync(join(tmpdir(), 'second-factor-consumers-'))
/** A project with the peers that are required, and one with the optional ones too. */
const bare = join(folder, 'bare')
const full = join(folder, 'full')
/** A project that has stayed with Express 4 and its types. */
const older = join(folder, 'older')
let tarball: Tarball
/** The other two projects, which are installed while tests have the first. */
let others: Promise<unknown>

beforeAll(async () => {
  if (!existsSync(join(root, 'dist'))) {
    throw new Error('dist is missing: build it first with npm run build, as npm test does')
  }
  tarball = await pack(folder)
  const installed = install(bare, tarball, required)
  others = Promise.all([
    install(full, tarball, [...required, ...optional]),
    install(older, tarball, [
      ...['express4', '@types/express4', 'express-session', 'passport'],
      ...[...optional, '@types/node'],
    ]),
  ])
  // A failure is reported by the tests that wait for it.
  others.catch(() => undefined)
  await installed
}, 240_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the tarball', () => {
  test('contains the built files, the user documents and nothing else', () => {
    const around = [
      ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md'],
      'package.json',
    ]
    const others = tarball.contents.filter((path) => !/^dist\/.+\.(?:c?js|d\.c?ts)$/.test(path))
    const rooms = others.filter((path) => /^src\/.+\/README\.md$/.test(path))
    expect(rooms).toContain('src/express/README.md')
    expect(others.filter((path) => !rooms.includes(path)).sort()).toEqual(around)
  })

  test('contains the pages that its documents link to, except the example and the benchmarks', () => {
    const isLeftOut = /^(?:example-app\b|test\/bench\b)/
    const pages = tarball.contents.filter((path) => path.endsWith('.md'))
    const lost = pages.flatMap((page) =>
      [...readPage(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)/g)]
        .map(([, path = '']) => posix.join(posix.dirname(page), path))
        .map((path) => (path.endsWith('.md') ? path : posix.join(path, 'README.md')))
        .filter((path) => !isLeftOut.test(path) && existsSync(join(root, path)))
        .filter((path) => !tarball.contents.includes(path))
        .map((path) => `${page}: ${path} is not in the tarball`),
    )
    expect(lost).toEqual([])
  })

  test('stays small: 640 kB to download, 2.2 MB on disk, 24 MB with everything it needs', () => {
    expect(tarball.packedSize).toBeLessThan(640_000)
    expect(tarball.unpackedSize).toBeLessThan(2_200_000)
    // The telephone numbers of all countries are half of it; Express, sessions and Passport count too.
    expect(sizeOf(join(bare, 'node_modules'))).toBeLessThan(24_000_000)
  })

  test('was built from the current source', () => {
    const expected = readSources('src').flatMap(({ path }) => {
      const built = path.replace(/^src\//, 'dist/').replace(/\.ts$/, '')
      return [`${built}.d.ts`, `${built}.js`]
    })
    expected.push(...entries.flatMap(({ commonjs }) => commonjs))
    const packed = tarball.contents.filter((path) => path.startsWith('dist/'))
    expect(packed.sort(), 'run npm run build').toEqual(expected.sort())
  })

  test('contains browser assets as strings, because bundlers copy no other file', async () => {
    const built = join(root, 'dist/pages/asset-files.js')
    expect(readFileSync(built, 'utf8')).not.toContain('import')
    const held = (await import(pathToFileURL(built).href)) as Record<string, string>
    const source = (file: string) => readFileSync(join(root, `src/pages/assets/${file}`), 'utf8')
    expect({ ...held }, 'run npm run build').toEqual({
      style: source('second-factor.css'),
      script: source('second-factor.js'),
      operationsStyle: source('operations.css'),
    })
    const ofPasskeys = join(root, 'dist/factors/passkeys/asset-files.js')
    expect(readFileSync(ofPasskeys, 'utf8')).not.toContain('import')
    const passkeyScript = readFileSync(join(root, 'src/factors/passkeys/assets/passkey.js'), 'utf8')
    expect({ ...((await import(pathToFileURL(ofPasskeys).href)) as object) }).toEqual({
      passkeyScript,
    })
  })

  test('refers to no missing source map', () => {
    const lost = tarball.contents.filter((path) => {
      return (
        path.startsWith('dist/') &&
        readFileSync(join(root, path), 'utf8').includes('sourceMappingURL')
      )
    })
    expect(lost).toEqual([])
  })

  test('exports only files that it contains, and has no side effects', () => {
    const manifest = readManifest(join(bare, 'node_modules', readManifest().name))
    expect(manifest.sideEffects).toBe(false)
    for (const { built, types, commonjs } of entryPoints(manifest)) {
      expect(tarball.contents).toEqual(expect.arrayContaining([...commonjs]))
      expect(tarball.contents).toContain(built)
      expect(tarball.contents).toContain(types)
    }
  })
})

describe('the program for operators', () => {
  const program = (project: string, ...words: string[]) =>
    promisify(execFile)(join(project, 'node_modules/.bin/passport-second-factor'), words)

  test('is installed with the package and runs without a configuration or an optional peer', async () => {
    expect((await program(bare, 'new-secret')).stdout).toMatch(/^[\w-]{43}\n$/)
    expect((await program(bare, 'schema', 'postgres')).stdout).toContain('CREATE TABLE')
  })
})

/** The bytes of all files below a folder. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

interface Mode extends ts.CompilerOptions {
  readonly name: string
  readonly type: 'module' | 'commonjs'
}

/** On a machine that does other things too, and may still install the project. */
const compileTimeout = 240_000

describe('a TypeScript project', () => {
  const { ModuleKind, ModuleResolutionKind } = ts
  const nodenext = { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext }
  const node16 = { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 }
  const bundler = { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler }
  /** Deprecated, and what most CommonJS projects and Jest's presets still have. */
  const { options: node10 } = ts.convertCompilerOptionsFromJson(
    { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    root,
  )
  const { options: es2020 } = ts.convertCompilerOptionsFromJson(
    { target: 'es2020', lib: ['es2020', 'dom'] },
    root,
  )
  const modes: readonly Mode[] = [
    { name: 'nodenext', type: 'module', ...nodenext },
    { name: 'nodenext-commonjs', type: 'commonjs', ...nodenext },
    { name: 'node16-commonjs', type: 'commonjs', ...node16 },
    { name: 'bundler', type: 'module', ...bundler },
    { name: 'node10', type: 'commonjs', ...node10 },
    // The oldest target that the types of Node and Express compile for.
    { name: 'es2020', type: 'commonjs', ...node10, ...es2020 },
  ]

  /** Compiles a project whose only import is one of these entry points, for each of them. */
  function compile(
    project: string,
    { name, type, ...resolution }: Mode,
    names: readonly string[],
  ): string[] {
    const at = join(project, name)
    write(join(at, 'package.json'), JSON.stringify({ private: true, type }))
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2023,
      ...resolution,
      ...{ strict: true, skipLibCheck: false, noEmit: true, types: [] },
    }
    const host = rememberingHost(options)
    return names.flatMap((specifier, index) => {
      const main = join(at, `main-${index}.ts`)
      write(main, `import * as entry from '${specifier}'\nexport const all = entry\n`)
      const program = ts.createProgram([main], options, host)
      return [...complaints(program), ...untypedExports(program, main)].map(
        (complaint) => `${specifier}: ${complaint}`,
      )
    })
  }

  test.each(modes)(
    'in mode $name finds complete types without optional peers',
    (mode) => {
      expect(compile(bare, mode, withoutOptional)).toEqual([])
    },
    compileTimeout,
  )

  test.each(modes)(
    'in mode $name finds complete types with the optional peers',
    async (mode) => {
      await others
      expect(compile(full, mode, withOptional)).toEqual([])
    },
    compileTimeout,
  )

  test(
    'on Express 4 compiles the README’s code against the types of Express 4',
    async () => {
      await others
      const installed = /'(?!(?:umzug|redis|ioredis)')[^']+'/
      const blocks = codeBlocks('README.md', readPage('README.md')).filter(
        ({ language, text }) =>
          language === 'ts' &&
          [...text.matchAll(/ from ('[^']+')/g)].every(([, specifier = '']) =>
            installed.test(specifier),
          ),
      )
      expect(blocks.some(({ text }) => text.includes('secondFactor.gate('))).toBe(true)
      write(join(older, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
      write(join(older, 'given.d.ts'), given)
      const files = blocks.map(({ text, line }) => {
        const file = join(older, `readme-${line}.ts`)
        write(file, `${text}export {}\n`)
        return file
      })
      const program = ts.createProgram([join(older, 'given.d.ts'), ...files], {
        ...{ ...nodenext, target: ts.ScriptTarget.ES2023, types: ['node'], noEmit: true },
        ...{ typeRoots: [join(older, 'node_modules/@types')] },
        ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
      })
      const types = program.getSourceFiles().map(({ fileName }) => fileName)
      // Of one major only: a second one, somewhere below, is what makes handlers of the two unlike.
      const ofExpress = types.filter((file) => file.endsWith('@types/express/index.d.ts'))
      expect(ofExpress).toEqual([join(older, 'node_modules/@types/express/index.d.ts')])
      expect(complaints(program)).toEqual([])
    },
    compileTimeout,
  )
})

describe('a JavaScript project', () => {
  beforeAll(() => others, 240_000)

  const program = (load: string) => `
    const found = {}
    for (const name of ${JSON.stringify(specifiers)}) found[name] = Object.keys(${load}).sort()
    console.log(JSON.stringify(found))`

  test('can import or require every subpath, with the same exports', async () => {
    const [imported, required] = await Promise.all([
      runProgram(join(full, 'esm/main.js'), 'module', program('await import(name)')),
      runProgram(join(full, 'cjs/main.js'), 'commonjs', program('require(name)')),
    ])
    expect(required).toEqual(imported)
    for (const [name, exported] of Object.entries(imported as Record<string, string[]>)) {
      expect(exported, name).not.toEqual([])
    }
  })

  test('needs no optional peer for features that do not use it', async () => {
    const text = `
      for (const name of ${JSON.stringify(withoutOptional)}) await import(name)
      console.log(true)`
    expect(await runProgram(join(bare, 'esm/main.js'), 'module', text)).toBe(true)
  })

  test('loads no vendor from the root, and twilio only on first use', async () => {
    const text = `
      import { createRequire } from 'node:module'
      await import('passport-second-factor')
      await import('passport-second-factor/twilio')
      const loaded = Object.keys(createRequire(import.meta.url).cache)
      const found = loaded.map((file) => /node_modules.((?:@[^/\\\\]+.)?[^/\\\\]+)/.exec(file)?.[1])
      console.log(JSON.stringify([...new Set(found)].sort()))`
    const loaded = await runProgram(join(full, 'lazy/main.js'), 'module', text)
    expect(loaded).not.toContain('sequelize')
    expect(loaded).not.toContain('twilio')
    // The list is not empty for another reason: what the root does need is in it.
    expect(loaded).toContain('passport-strategy')
  })
})
