/**
 * Writes what CommonJS projects get beside each entry point: a file that requires it, as Node can, and declarations that
 * name its exports. With `module: node16` or `node18`, TypeScript lets no CommonJS file take the ES module itself.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

import ts from 'typescript'

const root = new URL('../', import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
const entries = Object.values(exports).filter((target) => typeof target === 'object')

const files = entries.map(({ types }) => fileURLToPath(new URL(types, root)))
const program = ts.createProgram(files, {
  ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  ...{ target: ts.ScriptTarget.ES2023, types: ['node'], skipLibCheck: true },
})
const checker = program.getTypeChecker()

for (const [index, { require }] of entries.entries()) {
  const file = program.getSourceFile(files[index])
  const module = file && checker.getSymbolAtLocation(file)
  if (module === undefined) throw new Error(`${files[index]} is missing; compile src before`)
  const from = `'./${basename(files[index]).replace(/\.d\.ts$/, '.js')}'`
  const lines = checker.getExportsOfModule(module).flatMap((name) => {
    const symbol = (name.flags & ts.SymbolFlags.Alias) === 0 ? name : checker.getAliasedSymbol(name)
    if ((symbol.flags & ts.SymbolFlags.Value) === 0) return []
    const member = `import(${from}, { with: { 'resolution-mode': 'import' } }).${name.name}`
    const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0
    return [
      `export declare const ${name.name}: typeof ${member}\n`,
      ...(isClass ? [`export type ${name.name} = ${member}\n`] : []),
    ]
  })
  const star = `export type * from ${from} with { 'resolution-mode': 'import' }\n`
  writeFileSync(new URL(require.types, root), star + lines.join(''))
  writeFileSync(new URL(require.default, root), `module.exports = require(${from})\n`)
}
