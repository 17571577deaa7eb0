/** Operators give their name and a reason, and the event of each action contains both. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../src/index.js'
import { openHeadless } from '../support/headless.js'

const by = { actor: 'support:maria', reason: 'ticket 4711, called back' }
const calls = ['reset', 'resetAttempts', 'resetResends', 'expire', 'revoke'] as const

describe.each(calls)('%s', (call) => {
  test('includes the actor and the reason in its event', async () => {
    const { secondFactor, alice, events } = openHeadless()
    await secondFactor[call](alice, by)
    expect(events).toMatchObject([{ subject: '1', ...by }])
  })

  test('has no actor if none is given, as in a scheduled job', async () => {
    const { secondFactor, alice, events } = openHeadless()
    await secondFactor[call](alice)
    expect(Object.keys(events[0] ?? {})).not.toContain('actor')
  })

  test.each([
    ['an empty actor', { actor: ' ' }, 'actor'],
    ['a reason as long as a book', { reason: 'x'.repeat(201) }, 'reason'],
    ['a misspelt option', { by: 'maria' }, 'by'],
  ])('refuses %s and does nothing', async (_title, options, name) => {
    const { secondFactor, alice, events, store } = openHeadless()
    const acting = secondFactor[call](alice, options as object)
    await expect(acting).rejects.toThrow(ConfigurationError)
    await expect(acting).rejects.toThrow(name)
    expect([events, await store.read('1')]).toEqual([[], null])
  })
})
