/** The architecture checks work: each of them finds the mistake it exists for. */

import ts from 'typescript'
import { describe, expect, test } from 'vitest'

import { codeViolations, maxLines } from './support/code-rules.js'
import { undocumentedExports } from './support/doc-comments.js'
import { impurities, importCycles, importViolations } from './support/import-rules.js'
import { parseSource } from './support/source-tree.js'

const header = '/** Says what the file is for. */\n\n'

function tree(files: Readonly<Record<string, string>>) {
  return Object.entries(files).map(([path, text]) => parseSource(path, text))
}

const targets = {
  'src/core/state.ts': '',
  'src/texts/en.ts': '',
  'src/pages/page.ts': '',
  'src/ports/store.ts': '',
  'src/factors/phone/part.ts': '',
  'src/factors/totp/part.ts': '',
  'src/flows/start.ts': '',
  'src/express/router.ts': '',
  'src/adapters/http/deadline.ts': '',
  'src/adapters/redis/store.ts': '',
  'src/adapters/twilio/sender.ts': '',
  'src/index.ts': '',
}

/** The complaints about one more file in a small tree. */
function complaints(path: string, text: string): string[] {
  return importViolations(tree({ ...targets, [path]: text }), [
    ...['libphonenumber-js', 'passport-custom', 'express', 'sequelize', 'twilio'],
  ])
}

describe('the import rules', () => {
  test.each([
    ['src/core/a.ts', "import '../flows/start.js'", 'src/core must not import src/flows'],
    ['src/core/a.ts', "import type { A } from '../ports/store.js'", 'must not import src/ports'],
    ['src/core/a.ts', "import fs from 'node:fs'", 'src/core must not import node:fs'],
    [
      'src/core/a.ts',
      "import p from 'libphonenumber-js/max'",
      'in src/factors/phone/phone-number.ts only',
    ],
    ['src/ports/a.ts', "import { a } from '../core/state.js'", 'may import types only'],
    ['src/ports/a.ts', "import { type A } from '../core/state.js'", 'may import types only'],
    ['src/flows/a.ts', "export { a } from '../express/router.js'", 'must not import src/express'],
    [
      'src/flows/a.ts',
      "const a = await import('../express/router.js')",
      'must not import src/expr',
    ],
    ['src/flows/a.ts', "type A = import('../express/router.js').A", 'must not import src/express'],
    [
      'src/flows/a.ts',
      "import { json } from 'express'",
      'express is imported in src/express/ only',
    ],
    ['src/passport/a.ts', "import '../flows/start.js'", 'src/passport must not import src/flows'],
    [
      'src/flows/a.ts',
      "import type { A } from '../factors/phone/part.js'",
      'src/flows must not import src/factors/phone',
    ],
    [
      'src/express/a.ts',
      "import '../factors/phone/part.js'",
      'src/express must not import src/factors/phone',
    ],
    [
      'src/factors/phone/a.ts',
      "import '../totp/part.js'",
      'src/factors/phone must not import src/factors/totp',
    ],
    [
      'src/factors/phone/a.ts',
      "import '../../flows/start.js'",
      'src/factors/phone must not import src/flows',
    ],
    [
      'src/adapters/twilio/a.ts',
      "import { a } from '../../factors/phone/part.js'",
      'src/adapters/twilio must not import src/factors/phone',
    ],
    [
      'src/adapters/redis/a.ts',
      "import type { A } from '../../factors/phone/part.js'",
      'src/adapters/redis must not import src/factors/phone',
    ],
    [
      'src/adapters/redis/a.ts',
      "import '../http/deadline.js'",
      'must not import src/adapters/http',
    ],
    ['src/passport/a.ts', "import express from 'express'", 'in src/express/ only'],
    [
      'src/express/a.ts',
      "import '../adapters/redis/store.js'",
      'must not import src/adapters/redis',
    ],
    ['src/express/a.ts', "import '../index.js'", 'src/express must not import src/index.ts'],
    ['src/express/a.ts', "import '../core/state'", "'../core/state' must end in .js"],
    ['src/express/a.ts', "import '../core/absent.js'", 'which is not in src'],
    ['src/express/a.ts', "import lodash from 'lodash'", 'no folder of src may import lodash'],
    ['src/pages/a.ts', "import escape from 'escape-html'", 'no dependency or peer'],
    ['src/adapters/textbee/a.ts', "import '../twilio/sender.js'", 'not import src/adapters/twilio'],
    ['src/adapters/textbee/a.ts', "import '../../flows/start.js'", 'must not import src/flows'],
    ['src/adapters/textbee/a.ts', "const t = require('twilio')", 'in src/adapters/twilio/ only'],
    ['src/adapters/twilio/a.ts', "import twilio from 'twilio'", 'import it when it is first used'],
    ['src/testing/a.ts', "import '../express/router.js'", 'must not import src/express'],
    ['src/index.ts', "export * from './adapters/redis/store.js'", 'not import src/adapters/redis'],
    ['src/limits/a.ts', "import '../core/state.js'", 'no rule says what src/limits may import'],
  ])('refuse %s: %s', (path, text, complaint) => {
    const found = complaints(path, text)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`${path}:1: `)
    expect(found[0]).toContain(complaint)
  })

  test.each([
    ['src/factors/phone/phone-number.ts', "import { parse } from 'libphonenumber-js/max'"],
    ['src/factors/phone/a.ts', "import '../../pages/page.js'\nimport '../../texts/en.js'"],
    [
      'src/adapters/twilio/a.ts',
      "import type { A } from '../../factors/phone/part.js'\nimport '../http/deadline.js'",
    ],
    ['src/passport/a.ts', "import '../express/router.js'"],
    ['src/core/a.ts', "import { createHmac } from 'node:crypto'\nimport './state.js'"],
    [
      'src/ports/a.ts',
      "import type { A } from '../core/state.js'\nimport type { B } from './store.js'",
    ],
    [
      'src/passport/a.ts',
      "import type { Request } from 'express'\nimport { Strategy } from 'passport-custom'",
    ],
    ['src/express/a.ts', "import { Router } from 'express'\nimport '../flows/start.js'"],
    ['src/adapters/twilio/a.ts', "const { default: twilio } = await import('twilio')"],
    ['src/adapters/redis/a.ts', "import './store.js'\nimport '../../core/state.js'"],
    ['src/testing/a.ts', "import '../flows/start.js'"],
  ])('allow %s: %s', (path, text) => {
    expect(complaints(path, text)).toEqual([])
  })

  test('find a cycle, even one closed only by types', () => {
    const files = tree({
      'src/core/a.ts': "import { b } from './b.js'",
      'src/core/b.ts': "import type { C } from './c.js'",
      'src/core/c.ts': "import { a } from './a.js'",
      'src/core/d.ts': "import { a } from './a.js'",
    })
    expect(importCycles(files)).toEqual([
      expect.stringContaining('src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts'),
    ])
  })

  test.each([
    ['src/core/a.ts', 'export const now = () => Date.now()', 'is given the time'],
    ['src/core/a.ts', 'export const now = () => new Date()', 'is given the time'],
    ['src/core/a.ts', 'export const debug = process.env', 'no I/O and no settings'],
    ['src/core/a.ts', 'setTimeout(() => {}, 1)', 'no I/O and no settings'],
    ['src/express/a.ts', 'export const id = Math.random()', 'src/core/random.ts only'],
    [
      'src/express/a.ts',
      "import { randomBytes } from 'node:crypto'\nrandomBytes(2)",
      'core/random.ts only',
    ],
  ])('find what is impure in %s: %s', (path, text, complaint) => {
    expect(impurities(tree({ [path]: text })).join('\n')).toContain(complaint)
  })

  test('treat a given time and a property named like a global as pure', () => {
    const text =
      'export const a = (at: number, b: { process: number }) => [new Date(at), b.process]'
    expect(impurities(tree({ 'src/core/a.ts': text }))).toEqual([])
  })
})

describe('the form rules', () => {
  test.each([
    ['src/core/a.ts', 'export const a = 1\n', 'opens with a doc comment'],
    ['src/core/a.ts', '/** The value. */\nexport const a = 1\n', 'opens with a doc comment'],
    ['src/core/a.ts', header + 'const a\n'.repeat(maxLines - 1), `${maxLines + 1} lines`],
    ['src/core/a.ts', `${header}export const a = (b: any) => b\n`, 'the type any'],
    ['src/core/a.ts', `${header}export const a = 1 as unknown as string\n`, 'a cast over unknown'],
    ['src/core/a.ts', `${header}// @ts-ignore\nexport const a = 1\n`, '@ts-ignore is not allowed'],
    ['src/core/a.ts', `${header}/* eslint-disable */\n`, 'eslint-disable is not allowed'],
    ['src/core/a.ts', `${header}export default 1\n`, 'no default export'],
    ['src/core/a.ts', `${header}export default function a() {}\n`, 'no default export'],
    ['src/core/utils.ts', header, 'named after what it holds'],
    ['src/helpers/a.ts', header, 'named after what it holds'],
    ['src/core/date-utils.ts', header, 'named after what it holds'],
    ['src/core/keyRing.ts', header, 'kebab-case'],
    ['src/testing/index.ts', `${header}export const a = 1\n`, 'an index.ts only re-exports'],
  ])('refuse %s: %j', (path, text, complaint) => {
    const found = codeViolations(tree({ [path]: text }))
    expect(found.join('\n')).toContain(complaint)
    expect(found.every((violation) => violation.startsWith(path))).toBe(true)
  })

  test('allow a file that keeps them', () => {
    const files = { 'src/core/key-ring.ts': `${header}export const any = 'any as unknown as'\n` }
    const index = { 'src/testing/index.ts': `${header}export { a } from './a.js'\n` }
    expect(codeViolations(tree({ ...files, ...index }))).toEqual([])
  })
})

describe('the rule of doc comments', () => {
  test('finds exports and options without one, even through re-exports', () => {
    const program = virtualProgram({
      '/index.ts': "export { arrow, bare, told, type StoreOptions } from './store.js'\n",
      '/store.ts': [
        '/** The header of the file. */\n',
        'export function bare() {}\n',
        '/** A number. */\nexport const told = 1\n',
        '/** Options. */\nexport interface StoreOptions {\n  silent: boolean\n  /** Said. */\n  said: boolean\n  /** Said. */\n  loose?: boolean\n  other?: undefined\n}\n',
        '/** Returns 1. */\nexport const arrow = () => 1\n',
      ].join('\n'),
    })
    expect(undocumentedExports(program, ['/index.ts', '/gone.ts'], (file) => file)).toEqual([
      '/store.ts:19: arrow has no @example',
      '/store.ts:3: bare has no doc comment',
      '/store.ts:3: bare has no @example',
      '/store.ts:10: the option StoreOptions.silent has no doc comment',
      '/store.ts:14: the option StoreOptions.loose has no @default',
      '/store.ts:15: the option StoreOptions.other has no doc comment',
      '/gone.ts: an entry point has to exist and export something',
    ])
  })
})

function virtualProgram(files: Readonly<Record<string, string>>): ts.Program {
  const options: ts.CompilerOptions = { module: ts.ModuleKind.NodeNext, noLib: true, types: [] }
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: (path) => path in files,
    readFile: (path) => files[path],
    getSourceFile: (path) =>
      path in files
        ? ts.createSourceFile(path, files[path] ?? '', ts.ScriptTarget.Latest, true)
        : undefined,
  }
  return ts.createProgram(Object.keys(files), options, host)
}
