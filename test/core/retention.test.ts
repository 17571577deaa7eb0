import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { keepUntil } from '../../src/core/retention.js'
import type { SubjectState } from '../../src/core/state.js'
import { revokeAllGrants } from '../../src/core/grant.js'
import { transition } from '../../src/flows/transition.js'
import { contractFlows, unknownPart, withParts } from '../../src/testing/contract-fixtures.js'
import { countingKind } from '../../src/testing/counting-factor.js'
import { day, hour, t0 } from '../support/clock.js'
import { grantWith, rowWith } from './build.js'

/** Keeps each part until the instant in it. */
const byPart: Parameters<typeof keepUntil>[1] = (_kind, part) =>
  (part as { until?: number | null }).until ?? null

const partUntil = (until: number | null) => ({ until })

describe('a row', () => {
  test('that limits nobody can be deleted at once', () => {
    expect(keepUntil(rowWith(), byPart)).toBe(t0)
  })

  test('with failures is kept forever, because waiting clears none', () => {
    expect(keepUntil(rowWith({ failures: 1 }), byPart)).toBeNull()
  })

  test('at the hard stop is kept forever, whatever its count', () => {
    expect(keepUntil(rowWith({ lock: { tier: 'disabled', until: null } }), byPart)).toBeNull()
  })

  test.each([
    ['its lock', { lock: { tier: 1, until: t0 + 3 * hour } }, 3 * hour],
    [
      'its longest grant',
      { grants: [9, 30, 12].map((hours) => grantWith({ expiresAt: t0 + hours * hour })) },
      30 * hour,
    ],
    ['its last write', { updatedAt: t0 + 99 }, 99],
  ])('is kept to the end of %s', (_what, fields, ms) => {
    expect(keepUntil(rowWith(fields), byPart)).toBe(t0 + ms)
  })

  test('is kept as long as any factor’s part needs it', () => {
    const row = withParts(rowWith(), { one: partUntil(t0 + hour), other: partUntil(t0 + day) })
    expect(keepUntil(row, byPart)).toBe(t0 + day)
    expect(keepUntil(withParts(row, { one: partUntil(0) }), byPart)).toBe(t0)
  })

  test('is kept until the latest of these times', () => {
    const row = withParts(
      rowWith({
        lock: { tier: 1, until: t0 + hour },
        grants: [grantWith({ expiresAt: t0 + 2 * day })],
      }),
      { one: partUntil(t0 + day) },
    )
    expect(keepUntil(row, byPart)).toBe(t0 + 2 * day)
  })

  test('is kept forever if one part requires it, whatever the others say', () => {
    for (const factors of [
      { one: partUntil(null), other: partUntil(t0 + day) },
      { one: partUntil(t0 + day), other: partUntil(null) },
    ]) {
      expect(keepUntil(withParts(rowWith(), factors), byPart)).toBeNull()
    }
  })

  test('with an enrolment is kept forever without asking its factor', () => {
    const asked: string[] = []
    const ofPart = (kind: string) => {
      asked.push(kind)
      return t0
    }
    const row = withParts(rowWith(), { enrolled: { held: true, until: t0 }, sent: { held: false } })
    expect(keepUntil(row, ofPart)).toBeNull()
    expect(asked).toEqual(['sent'])
  })
})

describe('a row that a flow has written', () => {
  /** Any write of a flow on a row with these parts, and what is stored then. */
  async function written(factors: Readonly<Record<string, object>>): Promise<SubjectState | null> {
    const store = memoryStore()
    const { context } = contractFlows(store)
    const row = withParts(rowWith(), factors)
    await store.compareAndSwap(row.subject, null, row)
    await transition(context, row.subject, (state) => ({
      state: revokeAllGrants(state),
      outcome: null,
    }))
    return store.read(row.subject)
  }

  test('can be deleted once its only factor’s part is empty', async () => {
    const row = await written({ [countingKind]: { passes: 1 } })
    expect(row?.keepUntil).toBe(Math.ceil((row?.updatedAt ?? 0) / day) * day)
    expect(row?.epoch).toBe(1)
  })

  test('keeps the part of an unknown factor, and is kept for it', async () => {
    const sent = { until: t0, nested: [1, { a: null }] }
    const row = await written({ [countingKind]: { passes: 1 }, unheardOf: sent })
    expect(row?.factors).toEqual({ [countingKind]: { passes: 1 }, unheardOf: sent })
    expect(row?.keepUntil).toBeNull()
  })

  test('keeps an unknown enrolment, and is kept for it', async () => {
    const row = await written({ another: unknownPart })
    expect(row?.factors).toEqual({ another: unknownPart })
    expect(row?.keepUntil).toBeNull()
  })

  test('keeps an unknown part through a wrong and a right answer', async () => {
    const store = memoryStore()
    const flows = contractFlows(store)
    const row = withParts(rowWith(), { another: unknownPart })
    await store.compareAndSwap(row.subject, null, row)
    expect(await flows.guess(row.subject, 9)).toBe('code_incorrect')
    expect(await flows.guess(row.subject, 0)).toBe('passed')
    const { factors, keepUntil: until } = (await store.read(row.subject)) ?? row
    expect(factors).toEqual({ another: unknownPart, [countingKind]: { passes: 1 } })
    expect(until).toBeNull()
  })
})
