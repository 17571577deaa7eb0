/**
 * The documents' examples for adopting teams run from the tarball: their login test, with each runner, and the NestJS
 * example.
 */

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { adopt, runBin, type Ran } from './support/adopter.js'
import { runExample } from '../support/minimal-example.js'
import { expectBothFactors } from '../support/minimal-journey.js'
import { complaints, pack, write } from './support/consumer.js'
import { readManifest } from './support/manifest.js'
import { codeBlocks, readPage } from './support/markdown.js'
import { root } from './support/source-tree.js'

/** Kept out of this repository's own packages, as they would more than double what a fresh clone installs. */
const runners = ['jest@30.5.2', 'ts-jest@29.4.15', 'mocha@12.0.3']

/** The example for NestJS, and what it needs of NestJS. */
const nest = 'example-app/minimal/nest'
const ofNest = Object.entries(readManifest(join(root, nest)).dependencies)
  .filter(([name]) => /^(?:@nestjs\/|rxjs$|reflect-metadata$)/.test(name))
  .map(([name, range]) => `${name}@${range.replace('^', '')}`)

const page = 'src/testing/README.md'
const blocks = codeBlocks(page, readPage(page))

/** The block of a file, which its first line names. */
function blockOf(file: string): string {
  const block = blocks.find(({ text }) => text.startsWith(`// ${file}\n`))
  if (block === undefined) throw new Error(`${page} has no block that begins with // ${file}`)
  return block.text
}

/** The files that the page shows, in its order. */
const files = [
  ...['app.js', 'login.test.js', 'transfer.test.js', 'login.spec.js'],
  ...['login.test.cjs', 'second-factor.js', 'exported.test.js'],
]

const users = `
import { Strategy } from 'passport-local'

const alice = { id: 1, username: 'alice', phone: '+237671234567' }
export const users = { id: (user) => user.id, phone: (user) => user.phone }
export function usePasswords(passport) {
  passport.use(new Strategy((username, password, done) => {
    done(null, username === 'alice' && password === 'wonderland-7' && alice)
  }))
  passport.serializeUser((user, done) => done(null, user.id))
  passport.deserializeUser((id, done) => done(null, id === alice.id && alice))
}
`

/** An application that takes no options and exports its `app`. */
const exported = `
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { secondFactor } from './second-factor.js'
import { usePasswords } from './users.js'

usePasswords(passport)
export const app = express()
app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }))
app.use(passport.session(), secondFactor.session(), express.json())
app.post('/login', passport.authenticate('local'), secondFactor.begin())
app.use('/second-factor', secondFactor.router())
app.get('/account', secondFactor.gate(), (req, res) => res.json({ username: req.user.username }))
`

const secrets = {
  SECOND_FACTOR_SECRET: 'a secret of at least 32 bytes for tests',
  SESSION_SECRET: 'a secret of the tests',
}

const folder = mkdtempSync(join(tmpdir(), 'second-factor-adopters-'))
const modules = join(folder, 'modules')
const commonJs = join(folder, 'common-js')
const jestModules = join(folder, 'jest-modules')

beforeAll(async () => {
  await adopt(folder, await pack(folder), [...runners, ...ofNest])
  for (const project of [modules, jestModules]) {
    write(join(project, 'package.json'), '{ "type": "module" }')
    write(join(project, 'users.js'), users)
    write(join(project, 'app.js'), blockOf('app.js'))
  }
  for (const file of files.filter((each) => each !== 'login.test.cjs')) {
    write(join(modules, file), blockOf(file))
  }
  write(join(modules, 'exported.js'), exported)
  const ofVitest = blockOf('login.test.js')
  write(join(jestModules, 'login.test.js'), ofVitest.replace(/^import .+ from 'vitest'\n/m, ''))
  const config = blocks.find(({ language }) => language === 'json')?.text ?? '{}'
  write(join(commonJs, 'package.json'), config)
  write(join(commonJs, 'users.js'), toCommonJs(users))
  write(join(commonJs, 'app.js'), toCommonJs(blockOf('app.js')))
  write(join(commonJs, 'login.test.cjs'), blockOf('login.test.cjs'))
}, 240_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a program of an installed package in a project, to its end. */
function runIn(project: string, [program = '', ...words]: readonly string[], env = {}) {
  const path = program.startsWith('-') ? program : join(folder, 'node_modules', program)
  return runBin(project, [path, ...words], { ...secrets, ...env })
}

const ofExported = () => runIn(modules, ['--test', 'exported.test.js'], { NODE_ENV: 'test' })
const vitest = ['vitest/vitest.mjs', 'run', '--root', '.', 'login.test.js']
const mocha = ['mocha/bin/mocha.js', 'login.spec.js']
const jest = ['jest/bin/jest.js', '--ci', '--runInBand']
const asModules = { NODE_OPTIONS: '--experimental-vm-modules' }

describe('the login test of a team', () => {
  test('contains each JavaScript block of the page', () => {
    const named = blocks.filter(({ language }) => language === 'js').map(({ text }) => text)
    expect(named).toEqual(files.map(blockOf))
  })

  test.each<[string, string, () => Promise<Ran>]>([
    ['vitest', '1 passed', () => runIn(modules, vitest)],
    ['node:test', 'pass 1', () => runIn(modules, ['--test', 'transfer.test.js'])],
    ['node:test, for an exported app', 'pass 1', ofExported],
    ['Mocha', '1 passing', () => runIn(modules, mocha)],
    ['Jest, as CommonJS', '1 passed', () => runIn(commonJs, jest)],
    ['Jest, as ES modules', '1 passed', () => runIn(jestModules, jest, asModules)],
  ])(
    'passes in %s',
    async (_runner, passed, runIt) => {
      const { code, output } = await runIt()
      expect(output).toContain(passed)
      expect(code).toBe(0)
    },
    120_000,
  )
})

describe('the example for NestJS', () => {
  const project = join(folder, 'nest-project')

  test('compiles, and opens the account only with the password and a code', async () => {
    write(join(project, 'package.json'), '{ "type": "module" }')
    for (const path of ['tsconfig.json', 'example-app/minimal']) {
      cpSync(join(root, path), join(project, path), { recursive: true })
    }
    const { fileNames = [], options = {} } =
      ts.getParsedCommandLineOfConfigFile(join(project, nest, 'tsconfig.json'), undefined, {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: () => undefined,
      }) ?? {}
    const compiled = ts.createProgram(fileNames, options)
    expect(complaints(compiled)).toEqual([])
    compiled.emit()
    await using example = await runExample(project, join(nest, 'dist/nest/main.js'))
    await expectBothFactors(example)
  }, 120_000)
})

function toCommonJs(text: string): string {
  const compilerOptions = {
    ...{ module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  }
  return ts.transpileModule(text, { compilerOptions }).outputText
}
