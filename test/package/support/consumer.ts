/** Packs the package as npm would publish it, and installs it where a user would. */

import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

import ts from 'typescript'

import { readManifest } from './manifest.js'
import { root } from './source-tree.js'

const run = promisify(execFile)

/** A packed package. */
export interface Tarball {
  readonly file: string
  /** Paths inside it, relative to its package.json. */
  readonly contents: readonly string[]
  /** The size of the download, in bytes. */
  readonly packedSize: number
  /** All of its files, in bytes. */
  readonly unpackedSize: number
}

/**
 * The environment without what a running npm script or test runner hands down: a nested npm would
 * take this project for its own, and a program would believe that it is under test.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const handedDown = /^(?:npm_(?!config_)|npm_config_local_prefix$|INIT_CWD$|NODE_ENV$|VITEST)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !handedDown.test(name)))
}

/** The part of npm's report that is read here. */
interface Packed {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

/** Packs what is built already. Scripts are off: a build would pull `dist` away under other tests. */
export async function pack(into: string): Promise<Tarball> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into]
  const { stdout } = await run('npm', args, { cwd: root, env: plainEnvironment() })
  const [packed] = JSON.parse(stdout) as Packed[]
  if (packed === undefined) throw new Error('npm pack packed nothing')
  return {
    file: join(into, packed.filename),
    contents: packed.files.map(({ path }) => path),
    packedSize: packed.size,
    unpackedSize: packed.unpackedSize,
  }
}

/**
 * Installs the tarball and these packages, in the versions this repository has itself. One that is here under another
 * name, as an older version beside a newer one, gets its own name there.
 */
export async function install(
  folder: string,
  tarball: Tarball,
  packages: readonly string[],
): Promise<void> {
  write(join(folder, 'package.json'), '{ "private": true }')
  const versioned = packages.map((folderName) => {
    const { name, version } = readManifest(join(root, 'node_modules', folderName))
    return `${name}@${version}`
  })
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  await run('npm', ['install', tarball.file, ...versioned, ...quiet], {
    cwd: folder,
    env: plainEnvironment(),
  })
}

/** Writes a program and its package.json's `type`, runs it to its end, and reads what it printed as JSON. */
export async function runProgram(
  file: string,
  type: 'module' | 'commonjs',
  text: string,
): Promise<unknown> {
  const folder = dirname(file)
  write(join(folder, 'package.json'), JSON.stringify({ private: true, type }))
  write(file, text)
  const { stdout } = await run(process.execPath, [basename(file)], {
    cwd: folder,
    env: plainEnvironment(),
    // A program that only imports ends by itself; one that is kept alive by a timer or a socket does not.
    timeout: 20_000,
  })
  return JSON.parse(stdout)
}

/** Parses each file once for all programs with these options, which share most of their files. */
export function rememberingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  const parsed = new Map<string, ts.SourceFile | undefined>()
  return {
    ...host,
    getSourceFile(name, ...rest) {
      if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, ...rest))
      return parsed.get(name)
    },
  }
}

/**
 * The compiler's findings in the user's own files and in this package's declarations. Those of other
 * packages are not asked: Sequelize's do not stand a check of libraries.
 */
export function complaints(program: ts.Program): string[] {
  const ours = `/node_modules/${readManifest().name}/`
  const asked = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes(ours) || !fileName.includes('/node_modules/'))
  const found = [
    ...program.getOptionsDiagnostics(),
    ...asked.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ]
  return found.map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? '' : `:${file.getLineAndCharacterOfPosition(start).line + 1}`
    return `${file?.fileName ?? ''}${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

/** Exports that the compiler knows nothing about. */
export function untypedExports(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker()
  const statements = program.getSourceFile(file)?.statements ?? []
  return statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement)) return []
    const { moduleSpecifier } = statement
    const specifier = moduleSpecifier.getText()
    const module = checker.getSymbolAtLocation(moduleSpecifier)
    if (module === undefined) return [`${specifier} was not found`]
    const names = checker.getExportsOfModule(module)
    if (names.length === 0) return [`${specifier} exports nothing`]
    return names
      .filter((name) => {
        const type = isType(name, checker)
          ? checker.getDeclaredTypeOfSymbol(origin(name, checker))
          : checker.getTypeOfSymbol(name)
        return (type.flags & ts.TypeFlags.Any) !== 0
      })
      .map((name) => `${specifier}: ${name.name} is any`)
  })
}

function origin(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)
}

function isType(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return (origin(symbol, checker).flags & ts.SymbolFlags.Value) === 0
}

/** Writes a file and the folders above it. */
export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
