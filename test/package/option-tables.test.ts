/** Every option is in a table, for readers who do not read types. */

import { expect, test } from 'vitest'

import {
  consoleSender,
  createSecondFactor,
  memoryStore,
  type SecondFactorOptions,
} from '../../src/index.js'
import { readPage } from './support/markdown.js'

const good: SecondFactorOptions<Express.User> = {
  ...{ secret: 'x'.repeat(32), store: memoryStore(), sender: consoleSender() },
  users: { id: () => 1, phone: () => null },
}
const stray = { stray: true }

/** The options that an error lists for one that does not exist. */
function listedBy(call: () => unknown): string[] {
  try {
    call()
  } catch (error) {
    const [, names = ''] = /the options are (.+)$/.exec(String(error)) ?? []
    return names.split(', ').filter((name) => name !== '')
  }
  return []
}

const owners: readonly [string, () => unknown][] = [
  ['createSecondFactor', () => createSecondFactor({ ...good, ...stray })],
  ['users', () => createSecondFactor({ ...good, users: { ...good.users, ...stray } })],
  ['pages', () => createSecondFactor({ ...good, pages: stray as object })],
  ['gate', () => createSecondFactor(good).gate(stray as object)],
]

test.each(owners)('%s: each option has a row in the README', (owner, call) => {
  const names = listedBy(call)
  expect(names.length).toBeGreaterThan(5)
  const page = readPage('src/express/README.md')
  const missing = names.filter((name) => !page.includes(`\n| \`${name}\` `))
  expect(missing, owner).toEqual([])
})
