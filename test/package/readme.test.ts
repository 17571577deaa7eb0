/** The documents are accurate: every snippet compiles, every command is executed, every name exists. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'

import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { defaultPolicy } from '../../src/core/policy.js'
import { executionOf } from './support/commands.js'
import { entryPoints, readManifest } from './support/manifest.js'
import { codeBlocks, commandsOf, readPage, type CodeBlock } from './support/markdown.js'
import { answers, copyProject, removeCopy, start, startExample } from './support/project-copy.js'
import { compileSnippets } from './support/snippets.js'
import { readSources, root } from './support/source-tree.js'

/** The compiler reads the declarations of every vendor, on a machine that does other things too. */
const compileTimeout = 120_000

/** The READMEs of the rooms. */
const rooms = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => basename(file) === 'README.md')
  .map((file) => `src/${file.split(sep).join('/')}`)
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...rooms],
  'example-app/minimal/README.md',
]
const present = pages.filter((page) => existsSync(join(root, page)))
const blocks = present.flatMap((page) => codeBlocks(page, readPage(page)))
const inLanguage = (...languages: string[]) => {
  return blocks.filter(({ language }) => languages.includes(language))
}
const commands = inLanguage('sh').flatMap(commandsOf)
const executedAs = (execution: string) => {
  return commands.filter((command) => executionOf(command) === execution)
}

describe('the pages', () => {
  test.each(pages)('%s exists', (page) => {
    expect(present).toContain(page)
  })

  test('contain no unchecked block', () => {
    // JavaScript runs in the test of adopters.
    const checked = ['ts', 'sh', 'json', 'jsonc', 'js']
    /** Pictures and prose, which nothing can check. */
    const pictures = ['text', 'mermaid', 'http']
    const others = blocks
      .filter(({ language }) => ![...checked, ...pictures].includes(language))
      .map(({ page, line, language }) => `${page}:${line}: no test reads blocks of '${language}'`)
    expect(others).toEqual([])
  })

  test(
    'contain TypeScript that compiles in its own application',
    () => {
      expect(compileSnippets(inLanguage('ts'))).toEqual([])
    },
    compileTimeout,
  )

  test('contain JSON that parses', () => {
    const broken = inLanguage('json', 'jsonc').flatMap(({ page, line, text, language }) => {
      const { error } = ts.parseConfigFileTextToJson(`block.${language}`, text)
      return error === undefined ? [] : [`${page}:${line}: is not JSON`]
    })
    expect(broken).toEqual([])
  })

  test('name only existing entry points, and so does the source', () => {
    const { name } = readManifest()
    const known = [...entryPoints().map(({ specifier }) => specifier), `${name}/package.json`]
    const texts = [
      ...present.map((page) => ({ path: page, text: readPage(page) })),
      ...readSources('src', 'example-app'),
    ]
    const unknown = texts.flatMap(({ path, text }) =>
      [...text.matchAll(new RegExp(`\\b${name}/[a-z]+(?:\\.json)?(?![\\w/.-])`, 'g'))]
        .filter(([mentioned]) => !known.includes(mentioned))
        .map(([mentioned]) => `${path}: ${mentioned} is no entry point`),
    )
    expect(unknown).toEqual([])
  })

  test('link only to existing files and headings', () => {
    const broken = present.flatMap((page) => {
      const links = [
        ...readPage(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g),
      ]
      return links
        .filter(
          ([, path = '', heading]) =>
            !leadsSomewhere(path === '' ? page : join(dirname(page), path), heading),
        )
        .map(([link]) => `${page}: ${link} leads nowhere`)
    })
    expect(broken).toEqual([])
  })

  test(
    'for users name every refusal and every limit',
    () => {
      const readme = present
        .filter((page) => page.endsWith('README.md'))
        .map(readPage)
        .join('\n')
      const codes = refusalCodes()
      // One of each room: all of them were found.
      expect(codes).toEqual(
        expect.arrayContaining(['code_incorrect', 'cross_site_request', 'unknown_number']),
      )
      const unnamed = [...codes, ...Object.keys(defaultPolicy)]
        .filter((name) => !readme.includes(`\`${name}\``))
        .map((name) => `no README names ${name}`)
      expect(unnamed).toEqual([])
    },
    compileTimeout,
  )
})

test('state in README the oldest version that each requirement allows', () => {
  const [, section = ''] = readPage('README.md').split('\n## Compatibility\n')
  const { engines, peerDependencies } = readManifest()
  const required = ['express', 'express-session', 'passport', 'sequelize'] as const
  const ranges = [engines.node, ...required.map((name) => peerDependencies[name] ?? '')]
  const oldest = ranges.flatMap((range) => {
    return [...range.matchAll(/(\d+)\.(\d+)\.\d+/g)].map(([, major = '', minor = '']) =>
      minor === '0' ? major : `${major}.${minor}`,
    )
  })
  expect(oldest.length).toBeGreaterThan(ranges.length)
  const [table = ''] = section.split('\n## ')
  expect(oldest.filter((version) => !new RegExp(`\\b${version}\\b`).test(table))).toEqual([])
})

describe('the commands of the pages', () => {
  const copies: string[] = []
  beforeAll(() => {
    copies.push(copyProject())
  })
  afterAll(() => {
    copies.forEach(removeCopy)
  })

  test('are each executed by a test', () => {
    const unexecuted = commands.flatMap((command) => {
      const execution = executionOf(command)
      return typeof execution === 'string'
        ? []
        : [`${command.place}: no test executes: ${command.text} (${execution.refused})`]
    })
    expect(unexecuted).toEqual([])
  })

  test('start the example, which responds to their requests and stops on request', async () => {
    const [copy = ''] = copies
    const requests = executedAs('request')
    const starts = executedAs('example')
    expect(starts.length, 'a page says how to start the example').toBeGreaterThan(0)
    for (const [index, { text, env, place }] of starts.entries()) {
      const example = await startExample(text, copy, env)
      try {
        for (const request of index === 0 ? requests : []) {
          const sent = request.text.replaceAll(
            /(localhost|127\.0\.0\.1):3000/g,
            `$1:${example.port}`,
          )
          const { code, output } = await start(sent, copy, request.env).ended
          expect(code, `${request.place}: ${output}`).toBe(0)
        }
      } finally {
        await example.stop()
      }
      expect(await answers(`http://127.0.0.1:${example.port}/healthz`), place).toBe(false)
    }
  }, 300_000)

  test('run to completion if they end', async () => {
    const [copy = ''] = copies
    for (const { text, env, place } of executedAs('copy')) {
      // The benchmarks only have to run here; their figures want a machine that does nothing else.
      const { code, output } = await start(text, copy, { ...env, BENCH_TINY: '1' }).ended
      expect(code, `${place}: ${text}\n${output}`).toBe(0)
    }
  }, 600_000)
})

describe('the checks of the pages', () => {
  const page = (text: string) => codeBlocks('README.md', text)

  test(
    'find a snippet that does not compile, on its line',
    () => {
      const text =
        "# Title\n\n```ts\nimport { nothing } from 'passport-second-factor'\n\napp.get(1)\n```\n"
      const found = compileSnippets(page(text))
      expect(found).toEqual([
        expect.stringContaining(
          'README.md:4: Module \'"passport-second-factor"\' has no exported member',
        ),
        expect.stringContaining('README.md:6: '),
      ])
    },
    compileTimeout,
  )

  test('find a command that no test executes', () => {
    const text =
      '```sh\n# a comment\nPORT=4000 npm run example # here\nmake install && npm \\\n  run lint\n```\n'
    const found = page(text).flatMap(commandsOf)
    expect(found).toEqual([
      { place: 'README.md:3', env: { PORT: '4000' }, text: 'npm run example' },
      { place: 'README.md:5', env: {}, text: 'make install' },
      { place: 'README.md:5', env: {}, text: 'npm run lint' },
    ])
    expect(found.map(executionOf)).toEqual([
      'example',
      { refused: 'no test knows such a command' },
      'elsewhere',
    ])
  })

  test.each([
    'npm install left-pad',
    'npm run deploy',
    'npx vitest run test/absent',
    'rm -rf dist',
  ])('refuse %s', (text) => {
    expect(executionOf({ place: '', env: {}, text })).toHaveProperty('refused')
  })

  test('read indented blocks, and refuse an unterminated one', () => {
    const [block] = page('- a list\n\n  ~~~sh\n  npm test\n  ~~~\n')
    expect(block).toEqual({
      page: 'README.md',
      language: 'sh',
      text: 'npm test\n',
      line: 4,
    } satisfies CodeBlock)
    expect(() => page('```ts\nconst a = 1\n')).toThrow('README.md:2: this code block does not end')
  })
})

/** True if a file exists and has the heading, if one is named. */
function leadsSomewhere(path: string, heading: string | undefined): boolean {
  const file = join(root, path)
  if (!existsSync(file)) return false
  if (heading === undefined) return true
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#{1,6} +(.+)$/gm)].map(
    ([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
  )
  return headings.includes(heading)
}

/** The codes that clients switch on: every one that a room of src adds to `RefusalCodes`. */
function refusalCodes(): string[] {
  const index = join(root, 'src/index.ts')
  const program = ts.createProgram([index], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: ['node'],
    skipLibCheck: true,
  })
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(index)
  const module = file && checker.getSymbolAtLocation(file)
  const codes = module && checker.getExportsOfModule(module).find(isNamedRefusalCodes)
  if (codes === undefined) throw new Error('src/index.ts does not export RefusalCodes')
  const type = checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(codes))
  return checker.getPropertiesOfType(type).map(({ name }) => name)
}

function isNamedRefusalCodes({ name }: ts.Symbol): boolean {
  return name === 'RefusalCodes'
}
