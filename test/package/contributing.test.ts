/** The guide for contributors is accurate: its tree matches the folders, and what it shows how to write works. */

import { readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { describe, expect, test } from 'vitest'

import type { FactorDefinition, StateStore } from '../../src/index.js'
import { storeContract, type SubjectState } from '../../src/testing/index.js'
import { startTestApp, type TestUser } from '../support/app.js'
import { readManifest } from './support/manifest.js'
import { codeBlocks, drawnTree, readPage, type CodeBlock } from './support/markdown.js'
import { runSnippet } from './support/snippets.js'
import { root } from './support/source-tree.js'

const blocks = codeBlocks('CONTRIBUTING.md', readPage('CONTRIBUTING.md'))

function blockWith(text: string): CodeBlock {
  const block = blocks.find((each) => each.text.includes(text))
  if (block === undefined) throw new Error(`no block of CONTRIBUTING.md holds ${text}`)
  return block
}

describe('the tree of the guide', () => {
  const drawn = drawnTree(blockWith('src/\n'))

  test('names each folder below src and test, and no other', () => {
    const below = drawn.folders.filter((path) => /^(?:src|test)\//.test(path))
    expect([...below].sort()).toEqual(foldersBelow('src', 'test'))
  })

  test('names only files that are where it shows them', () => {
    expect(drawn.files.length).toBeGreaterThan(20)
    const known = filesBelow('src', 'test')
    expect(drawn.files.filter((path) => !known.includes(path))).toEqual([])
    const names = new Set(known.map((path) => path.split('/').at(-1)))
    const mentioned = [...blockWith('src/\n').text.matchAll(/[a-z\d-]+\.ts\b/g)].map(String)
    expect(mentioned.filter((name) => !names.has(name))).toEqual([])
  })

  test('is read level by level, with several names on a line', () => {
    const text =
      'src/\n  core/   rules, in a.ts\n    a.ts b.ts  two files\n    deep/\n      c.ts\n  ports/\n'
    expect(drawnTree({ text: `${text}    d.ts\ntest/\n  core/ flows/   by folder\n` })).toEqual({
      folders: ['src', 'src/core', 'src/core/deep', 'src/ports', 'test', 'test/core', 'test/flows'],
      files: ['src/core/a.ts', 'src/core/b.ts', 'src/core/deep/c.ts', 'src/ports/d.ts'],
    })
  })
})

test('the quick tests are those of every folder that starts no process, browser or server', () => {
  const others = ['adapters', 'browser', 'cli', 'contract', 'example', 'package', 'testing']
  const files = filesBelow('test').filter((path) => path.endsWith('.test.ts'))
  const rooms = new Set(files.map((path) => path.split('/').slice(0, 2).join('/')))
  const quick = readManifest().scripts['test:quick']?.match(/test\/\S+/g) ?? []
  expect([...quick, ...others.map((room) => `test/${room}`)].sort()).toEqual([...rooms].sort())
})

describe('the store of the guide', () => {
  const open = async () => {
    const { documentStore } = (await runSnippet(blockWith('function documentStore'))) as {
      readonly documentStore: (documents: object) => StateStore
    }
    return { store: documentStore(documentsInMemory()) }
  }

  for (const { title, run } of storeContract(open)) test(title, run)
})

describe('the factor of the guide', () => {
  const start = async (options: object = {}) => {
    const { wordFactor } = (await runSnippet(blockWith('function wordFactor'))) as {
      readonly wordFactor: (word: string) => FactorDefinition<TestUser>
    }
    return startTestApp({ secondFactor: { factors: [wordFactor('plover')], ...options } })
  }

  test('shows its page, whose form passes only with the right word', async () => {
    const app = await start()
    try {
      const alice = await app.login('alice')
      const page = await alice.page('/second-factor/')
      expect(page.text).toContain('The word of the day')
      expect(page.text).toContain('action="/second-factor/verify"')
      const wrong = await alice.submit('/second-factor/verify', { method: 'word', code: 'xyzzy' })
      expect([wrong.status, wrong.headers.get('location')]).toEqual([
        303,
        '/second-factor/use/word',
      ])
      const told = await alice.page('/second-factor/use/word')
      expect(told.text).toContain('That code isn’t right. Check it and try again.')
      const right = await alice.submit('/second-factor/verify', { method: 'word', code: 'plover' })
      expect([right.status, right.headers.get('location')]).toEqual([303, '/account'])
      expect((await alice.get('/account')).json).toMatchObject({
        secondFactor: { passed: true, method: 'word', amr: ['pwd', 'kba', 'mfa'] },
      })
    } finally {
      await app.close()
    }
  })

  test('counts wrong words until a lock, which stops even the right word', async () => {
    const app = await start({ policy: { lockAfterFailures: 3 } })
    try {
      const alice = await app.login('alice')
      const codes: unknown[] = []
      for (const code of ['xyzzy', 'xyzzy', 'xyzzy', 'plover']) {
        const answer = await alice.post('/second-factor/verify', { method: 'word', code })
        codes.push(answer.json['code'])
      }
      expect(codes).toEqual(['code_incorrect', 'code_incorrect', 'code_incorrect', 'locked_out'])
    } finally {
      await app.close()
    }
  })

  test('passes without a request as well', async () => {
    const app = await start()
    try {
      const user = app.users[0] as unknown as Express.User
      const wrong = await app.secondFactor.verify(user, 'xyzzy', { method: 'word' })
      expect(wrong).toMatchObject({ status: 'refused', code: 'code_incorrect' })
      const right = await app.secondFactor.verify(user, 'plover')
      expect(right).toMatchObject({ status: 'passed', method: 'word' })
    } finally {
      await app.close()
    }
  })
})

/** Documents as a database keeps them: a copy in, a copy out. */
function documentsInMemory() {
  const texts = new Map<string, string>()
  const write = (key: string, document: SubjectState) => {
    texts.set(key, JSON.stringify(document))
    return true
  }
  return {
    find(key: string) {
      return Promise.resolve<unknown>(JSON.parse(texts.get(key) ?? 'null'))
    },
    insertIfAbsent(key: string, document: SubjectState) {
      return Promise.resolve(!texts.has(key) && write(key, document))
    },
    replaceIfVersion(key: string, version: number, document: SubjectState) {
      const kept = JSON.parse(texts.get(key) ?? 'null') as SubjectState | null
      return Promise.resolve(kept?.version === version && write(key, document))
    },
    remove(key: string) {
      texts.delete(key)
      return Promise.resolve()
    },
  }
}

function filesBelow(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
  )
}

/** Every folder that holds a file, itself or below: a version-controlled tree has no others. */
function foldersBelow(...folders: readonly string[]): string[] {
  const found = new Set<string>()
  for (const path of filesBelow(...folders)) {
    for (let at = dirname(path); !folders.includes(at); at = dirname(at)) found.add(at)
  }
  return [...found].sort()
}
