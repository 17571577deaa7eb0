/** Compiles a page's TypeScript as an application's own file against the source of this package, or runs it. */

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import ts from 'typescript'

import { entryPoints } from './manifest.js'
import type { CodeBlock } from './markdown.js'
import { root } from './source-tree.js'

/** The application that a snippet is dropped into: what it need not declare itself. */
export const given = `
import type { Express as App, Request, RequestHandler } from 'express'
import type { Authenticator } from 'passport'
import type { SecondFactor } from 'passport-second-factor'
import type { Sequelize } from 'sequelize'

declare global {
  interface User {
    id: string
    phone: string | null
  }
  namespace Express {
    interface User {
      id: string
      phone: string | null
    }
  }
  const app: App
  const passport: Authenticator
  const env: Record<string, string>
  const sequelize: Sequelize
  const secondFactor: SecondFactor<User>
  const req: Request
  const user: User
  const transfer: RequestHandler
}
`

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
  paths: Object.fromEntries(
    entryPoints().map(({ specifier, source }) => [specifier, [join(root, source)]]),
  ),
}

/** The compiler's complaints about these blocks, as `README.md:12: …`. */
export function compileSnippets(blocks: readonly CodeBlock[]): string[] {
  const preamble = join(root, 'given-to-snippets.ts')
  const texts = new Map([[preamble, given]])
  const blockOf = new Map<string, CodeBlock>()
  for (const block of blocks) {
    const file = join(root, `${block.page}-${block.line}.ts`)
    // A snippet without an import would be a script, whose names collide with those of the next.
    texts.set(file, `${block.text}export {}\n`)
    blockOf.set(file, block)
  }
  const program = ts.createProgram([...texts.keys()], options, hostWith(texts))
  return [...texts.keys()].flatMap((name) => {
    const file = program.getSourceFile(name)
    const found = [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]
    return found.map(({ start = 0, messageText }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0
      const block = blockOf.get(name)
      const place = block === undefined ? 'given to snippets' : `${block.page}:${block.line + line}`
      return `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  })
}

/** Runs a block against the source of this package, and returns what it exports. */
export async function runSnippet({ text }: CodeBlock): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'second-factor-snippet-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
    const file = join(folder, 'snippet.ts')
    const source = entryPoints().reduce(
      (code, { specifier, source: path }) =>
        code.replaceAll(`'${specifier}'`, `'${join(root, path)}'`),
      text,
    )
    writeFileSync(file, source)
    return (await import(/* @vite-ignore */ file)) as Record<string, unknown>
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The compiler's usual host, with files that exist only here. */
function hostWith(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  return {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const text = texts.get(path)
      return text === undefined
        ? host.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(path, text, languageVersion, true)
    },
  }
}
