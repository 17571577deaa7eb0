/** Finds public exports without a doc comment. */

import ts from 'typescript'

import type { Violation } from './source-tree.js'

/** Exports and option fields without a doc comment, functions without an example, options without a default. */
export function undocumentedExports(
  program: ts.Program,
  entries: readonly string[],
  nameOf: (file: string) => string,
): Violation[] {
  const checker = program.getTypeChecker()
  const found = new Set<Violation>()
  for (const entry of entries) {
    const module = moduleOf(program, checker, entry)
    if (module === undefined) {
      found.add(`${nameOf(entry)}: an entry point has to exist and export something`)
      continue
    }
    for (const symbol of checker.getExportsOfModule(module)) {
      for (const declaration of declarationsOf(checker, symbol)) {
        if (!isDocumented(declaration)) {
          found.add(`${place(declaration, nameOf)}: ${symbol.name} has no doc comment`)
        }
        if (isFunction(declaration) && !hasTag(declaration, 'example')) {
          found.add(`${place(declaration, nameOf)}: ${symbol.name} has no @example`)
        }
        for (const field of optionFields(declaration)) {
          const name = `${symbol.name}.${field.name.getText()}`
          if (!isDocumented(field)) {
            found.add(`${place(field, nameOf)}: the option ${name} has no doc comment`)
          }
          if (mayBeLeftOut(field) && !hasTag(field, 'default')) {
            found.add(`${place(field, nameOf)}: the option ${name} has no @default`)
          }
        }
      }
    }
  }
  return [...found]
}

function moduleOf(
  program: ts.Program,
  checker: ts.TypeChecker,
  entry: string,
): ts.Symbol | undefined {
  const file = program.getSourceFile(entry)
  return file && checker.getSymbolAtLocation(file)
}

function declarationsOf(checker: ts.TypeChecker, symbol: ts.Symbol): readonly ts.Declaration[] {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0
  const origin = isAlias ? checker.getAliasedSymbol(symbol) : symbol
  return (origin.declarations ?? []).filter(
    (declaration) => !declaration.getSourceFile().fileName.includes('/node_modules/'),
  )
}

/** A file's own header, which its first statement would otherwise pass off as its comment, does not count. */
function isDocumented(node: ts.Node): boolean {
  return ts
    .getJSDocCommentsAndTags(node)
    .some(
      (doc) =>
        ts.isJSDoc(doc) && doc.pos > 0 && (ts.getTextOfJSDocComment(doc.comment) ?? '') !== '',
    )
}

/** True for `function f() {}`, and for `const f = () => {}`. */
function isFunction(node: ts.Declaration): boolean {
  if (ts.isFunctionDeclaration(node)) return true
  const value = ts.isVariableDeclaration(node) ? node.initializer : undefined
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))
}

function hasTag(node: ts.Node, name: string): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === name)
}

/** Alternatives that exclude each other are typed as absent, and have no default. */
function mayBeLeftOut({ questionToken, type }: ts.PropertySignature): boolean {
  return questionToken !== undefined && type?.getText() !== 'undefined'
}

function optionFields(declaration: ts.Declaration): readonly ts.PropertySignature[] {
  if (!ts.isInterfaceDeclaration(declaration) || !declaration.name.text.endsWith('Options'))
    return []
  return declaration.members.filter(ts.isPropertySignature)
}

function place(node: ts.Node, nameOf: (file: string) => string): string {
  const file = node.getSourceFile()
  return `${nameOf(file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}
