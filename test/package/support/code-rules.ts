/** The rules for every source file: length, header, names, and no way around the compiler. */

import { basename } from 'node:path'

import ts from 'typescript'

import { at, walk, type SourceFile, type Violation } from './source-tree.js'

/** Lines, comments included. */
export const maxLines = 250

/** Every rule of form that these files break. */
export function codeViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => [
    ...shapeViolations(file),
    ...nameViolations(file),
    ...typeViolations(file),
    ...indexViolations(file),
  ])
}

function shapeViolations(file: SourceFile): Violation[] {
  const found: Violation[] = []
  const lines = file.text.replace(/\n$/, '').split('\n').length
  if (lines > maxLines)
    found.push(`${file.path}: ${lines} lines; no file has more than ${maxLines}`)
  if (!/^(?:#!.*\n+)?\/\*\* \S[\s\S]*?\.\s*\*\/\n\n/.test(file.text)) {
    found.push(
      `${file.path}: opens with a doc comment that says in a sentence what the file is for`,
    )
  }
  const escape =
    /@ts-(?:ignore|expect-error|nocheck)|eslint-disable|prettier-ignore|\b(?:TODO|FIXME)\b/g
  for (const match of file.text.matchAll(escape)) {
    found.push(`${at(file, match.index)}: ${match[0]} is not allowed`)
  }
  return found
}

function nameViolations({ path }: SourceFile): Violation[] {
  const found: Violation[] = []
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?\.ts$/.test(basename(path))) {
    found.push(`${path}: file names are kebab-case and end in .ts`)
  }
  if (/(?:^|[/-])(?:utils?|helpers?|misc|common)(?:[/.-]|$)/.test(path)) {
    found.push(`${path}: a file or folder is named after what it holds, not utils or helpers`)
  }
  return found
}

function typeViolations(file: SourceFile): Violation[] {
  const found: Violation[] = []
  walk(file.ast, (node) => {
    const complain = (rule: string) => found.push(`${at(file, node.getStart())}: ${rule}`)
    if (node.kind === ts.SyntaxKind.AnyKeyword) complain('the type any is not allowed')
    if (ts.isAsExpression(node) && ts.isAsExpression(node.expression)) {
      const between = node.expression.type.kind
      if (between === ts.SyntaxKind.UnknownKeyword || between === ts.SyntaxKind.NeverKeyword) {
        complain('a cast over unknown or never is not allowed')
      }
    }
    if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword) {
      complain('exports have names: no default export')
    }
  })
  return found
}

function indexViolations(file: SourceFile): Violation[] {
  if (basename(file.path) !== 'index.ts') return []
  return file.ast.statements
    .filter((statement) => !ts.isExportDeclaration(statement) || !statement.moduleSpecifier)
    .map((statement) => `${at(file, statement.getStart())}: an index.ts only re-exports`)
}
