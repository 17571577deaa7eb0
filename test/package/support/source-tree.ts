/** Reads TypeScript sources and their imports by parsing them. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import ts from 'typescript'

/** The folder that holds package.json. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** One import, re-export, dynamic import, `import('…')` type or `require`. */
export interface Import {
  readonly specifier: string
  /** The file inside the tree that a relative import means, else `null`. */
  readonly target: string | null
  /** Erased by the compiler: nothing is loaded when the program runs. */
  readonly typesOnly: boolean
  /** Loaded only when the statement runs. */
  readonly lazy: boolean
  readonly line: number
}

/** A parsed file; `path` is relative to the root, with `/`. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly ast: ts.SourceFile
  readonly imports: readonly Import[]
}

/** A broken rule. It prints as `file:line: rule`. */
export type Violation = string

/** Every TypeScript file below these folders, but for what is installed or built. */
export function readSources(...folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .map((file) => {
      return parseSource(relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8'))
    })
}

/** Parses one file; the text may come from anywhere. */
export function parseSource(path: string, text: string): SourceFile {
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  return { path, text, ast, imports: importsOf(path, ast) }
}

/** A position in a file, as `path:line`. */
export function at(file: SourceFile, position: number): string {
  return `${file.path}:${lineAt(file.ast, position)}`
}

/** Calls `visit` with every node of a file. */
export function walk(ast: ts.SourceFile, visit: (node: ts.Node) => void): void {
  const descend = (node: ts.Node) => {
    visit(node)
    ts.forEachChild(node, descend)
  }
  descend(ast)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => left.name.localeCompare(right.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        return ['node_modules', 'dist'].includes(entry.name) ? [] : filesBelow(path)
      }
      return /\.[cm]?tsx?$/.test(entry.name) ? [path] : []
    })
}

function importsOf(path: string, ast: ts.SourceFile): Import[] {
  const imports: Import[] = []
  const add = (from: ts.Node | undefined, node: ts.Node, typesOnly: boolean, lazy = false) => {
    if (from === undefined || !ts.isStringLiteralLike(from)) return
    const specifier = from.text
    const target = specifier.startsWith('.')
      ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')
      : null
    imports.push({ specifier, target, typesOnly, lazy, line: lineAt(ast, node.getStart(ast)) })
  }
  walk(ast, (node) => {
    if (ts.isImportDeclaration(node)) {
      const typesOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      add(node.moduleSpecifier, node, typesOnly)
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node, node.isTypeOnly)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, node, true)
    } else if (ts.isExternalModuleReference(node)) {
      add(node.expression, node, false)
    } else if (ts.isCallExpression(node)) {
      const called = node.expression
      const isImport = called.kind === ts.SyntaxKind.ImportKeyword
      const isRequire = ts.isIdentifier(called) && called.text === 'require'
      if (isImport || isRequire) add(node.arguments[0], node, false, true)
    }
  })
  return imports
}

function lineAt(ast: ts.SourceFile, position: number): number {
  return ast.getLineAndCharacterOfPosition(position).line + 1
}
