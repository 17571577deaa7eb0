/**
 * The package in a single file, as bundlers make it, and compiled to CommonJS, as Jest loads it: pages and assets
 * work.
 */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { build } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { install, pack, runProgram, write } from './support/consumer.js'
import { readManifest } from './support/manifest.js'
import { root } from './support/source-tree.js'

const { name } = readManifest()
const folder = mkdtempSync(join(tmpdir(), 'second-factor-bundles-'))
const project = join(folder, 'project')

beforeAll(async () => {
  await install(project, await pack(folder), ['express', 'express-session', 'passport'])
  write(join(project, 'app.mjs'), application)
}, 240_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Logs in, opens the page that asks for a code, loads what that page names, and prints how all of it was answered. */
const application = `
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { consoleSender, createSecondFactor, memoryStore } from '${name}'

const secondFactor = createSecondFactor({
  secret: 's'.repeat(43),
  store: memoryStore(),
  sender: consoleSender({ print() {} }),
  users: { id: (user) => user.id, phone: (user) => user.phone },
  phone: { defaultCountry: 'CM' },
})
passport.serializeUser((user, done) => done(null, user))
passport.deserializeUser((user, done) => done(null, user))
const app = express()
app.use(session({ secret: 's', resave: false, saveUninitialized: false }))
app.use(passport.session(), secondFactor.session())
app.post('/login', (req, res, next) => req.login({ id: '1', phone: '671234567' }, next), secondFactor.begin())
app.use('/second-factor', secondFactor.router())
const server = app.listen(0, '127.0.0.1', async () => {
  const base = 'http://127.0.0.1:' + server.address().port
  const login = await fetch(base + '/login', { method: 'POST', headers: { accept: 'application/json' } })
  const [cookie] = login.headers.getSetCookie()
  const headers = { accept: 'text/html', cookie: cookie.split(';')[0] }
  const page = await fetch(base + '/second-factor/', { headers })
  const paths = [...(await page.text()).matchAll(/(?:href|src)="(\\/second-factor\\/assets\\/[^"]+)"/g)]
  const assets = await Promise.all(paths.map(async ([, path]) => (await fetch(base + path)).text()))
  console.log(JSON.stringify({ login: login.status, page: page.status, assets }))
  server.closeAllConnections()
  server.close()
})
`

const answers = {
  login: 200,
  page: 200,
  assets: ['css', 'js'].map((extension) =>
    readFileSync(join(root, `src/pages/assets/second-factor.${extension}`), 'utf8'),
  ),
}

test.each([
  // The packages of Express call \`require\`, which an ES module has to be given.
  {
    format: 'esm',
    head: `import { createRequire } from 'module'\nconst require = createRequire('/')`,
  },
  { format: 'cjs', head: '' },
] as const)(
  'esbuild bundles an application into one file, as $format',
  async ({ format, head }) => {
    const made = await build({
      absWorkingDir: project,
      entryPoints: ['app.mjs'],
      bundle: true,
      platform: 'node',
      format,
      banner: { js: head },
      write: false,
      logLevel: 'silent',
    })
    expect(made.warnings.map(({ text }) => text)).toEqual([])
    const [file] = made.outputFiles
    const alone = mkdtempSync(join(folder, 'alone-'))
    const type = format === 'esm' ? 'module' : 'commonjs'
    expect(await runProgram(join(alone, 'app.js'), type, file?.text ?? '')).toEqual(answers)
  },
)

test('a test runner that compiles packages to CommonJS, like Jest, can load it', async () => {
  const compiled = join(folder, 'commonjs')
  mkdirSync(compiled)
  cpSync(join(project, 'node_modules'), join(compiled, 'node_modules'), { recursive: true })
  const ours = join(compiled, 'node_modules', name)
  const manifest = readFileSync(join(ours, 'package.json'), 'utf8')
  write(join(ours, 'package.json'), manifest.replace('"type": "module"', '"type": "commonjs"'))
  const modules = readdirSync(join(ours, 'dist'), { recursive: true, encoding: 'utf8' })
  for (const path of modules.filter((each) => each.endsWith('.js'))) {
    const file = join(ours, 'dist', path)
    write(file, toCommonJs(readFileSync(file, 'utf8')))
  }
  expect(await runProgram(join(compiled, 'app.js'), 'commonjs', toCommonJs(application))).toEqual(
    answers,
  )
  // Copies all that is installed.
}, 120_000)

function toCommonJs(text: string): string {
  const { CommonJS } = ts.ModuleKind
  const compilerOptions = {
    module: CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  }
  return ts.transpileModule(text, { compilerOptions }).outputText
}
