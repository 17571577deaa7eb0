/** The example's files contain phones, password hashes and sessions: no other user of the machine may read them. */

import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { newDatabase, startExample } from '../support/example.js'

/** Every file beside the database, and its mode. */
function modesBeside(file: string): Record<string, string> {
  const folder = dirname(file)
  return Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      (statSync(join(folder, name)).mode & 0o777).toString(8),
    ]),
  )
}

test.each([
  ['new', () => undefined],
  [
    'made by an earlier release',
    (file: string) => {
      writeFileSync(file, '')
      chmodSync(file, 0o644)
    },
  ],
])(
  'the database, %s, and the files next to it are readable only by their owner',
  async (_what, prepare) => {
    const url = newDatabase()
    const file = url.replace(/^sqlite:/, '')
    prepare(file)
    const example = await startExample({ DATABASE_URL: url })
    await example.login('alice')
    const modes = modesBeside(file)
    expect(Object.keys(modes)).toContain(basename(file))
    expect(Object.keys(modes).length).toBeGreaterThan(1)
    expect([...new Set(Object.values(modes))]).toEqual(['600'])
  },
)
