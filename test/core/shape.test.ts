import { describe, expect, test } from 'vitest'

import {
  arrayOf,
  boolean,
  count,
  eitherOf,
  isTrue,
  number,
  object,
  oneOf,
  optional,
  orNull,
  recordOf,
  string,
  type Shape,
} from '../../src/core/shape.js'
import { notCounts, notLists, notNumbers, notObjects, notStrings } from './damage.js'

const shapes: [name: string, shape: Shape, whole: unknown[], damaged: readonly unknown[]][] = [
  ['string', string, ['', 'a', '\0'], notStrings],
  ['number', number, [0, -0, -1.5, 2 ** 60], notNumbers],
  ['count', count, [0, 1, Number.MAX_SAFE_INTEGER], notCounts],
  ['boolean', boolean, [true, false], [undefined, null, 0, 1, 'true', {}]],
  ['isTrue', isTrue, [true], [undefined, null, false, 1, 'true', {}]],
  ['oneOf', oneOf('a', 'b'), ['a', 'b'], [...notStrings, 'c', 'A', '', 'toString']],
  ['oneOf nothing', oneOf(), [], [...notStrings, '']],
  ['orNull', orNull(count), [null, 3], notCounts.filter((value) => value !== null)],
  ['optional', optional(count), [undefined, 3], notCounts.filter((value) => value !== undefined)],
  ['arrayOf', arrayOf(count), [[], [1, 2]], notLists],
  ['object', object({ a: count }), [{ a: 1 }], notObjects],
  ['recordOf', recordOf(count), [{}, { a: 1, b: 2 }], notObjects],
  ['eitherOf', eitherOf(string, count), ['a', 3], [undefined, null, -1, true, {}]],
]

describe.each(shapes)('%s', (_name, shape, whole, damaged) => {
  test('finds no damage in a value of its shape', () => {
    for (const value of whole) expect(shape(value, 'field')).toBeNull()
  })

  test('names the path of any other value', () => {
    for (const value of damaged) expect(shape(value, 'field')).toBe('field')
  })
})

describe('the damage in a nested value', () => {
  const shape = object({
    name: string,
    items: arrayOf(object({ size: count })),
    byKind: recordOf(object({ held: optional(boolean) })),
  })
  const whole = {
    name: 'a',
    items: [{ size: 1 }, { size: 2 }],
    byKind: { x: {}, y: { held: true } },
  }

  test('is none if every field is intact', () => {
    expect(shape(whole, '')).toBeNull()
  })

  test('is named by its full path, from the root or from the value’s position', () => {
    expect(shape({ ...whole, name: 5 }, '')).toBe('name')
    expect(shape({ ...whole, name: 5 }, 'factors.x')).toBe('factors.x.name')
    expect(shape({ ...whole, items: [{ size: 1 }, { size: -1 }] }, '')).toBe('items[1].size')
    expect(shape({ ...whole, items: [{ size: 1 }, null] }, '')).toBe('items[1]')
    expect(shape({ ...whole, byKind: { x: {}, y: { held: 'yes' } } }, '')).toBe('byKind.y.held')
  })

  test('is the value itself if it is not an object', () => {
    for (const value of notObjects) expect(shape(value, '')).toBe('')
  })

  test('is reported once, at the first damaged field', () => {
    expect(shape({ name: 5, items: 5, byKind: 5 }, '')).toBe('name')
    expect(shape({ ...whole, items: [5, 6], byKind: 5 }, '')).toBe('items[0]')
  })

  test('is not reported for a field added by a later release', () => {
    expect(shape({ ...whole, later: { any: ['thing'] } }, '')).toBeNull()
    expect(shape({ ...whole, items: [{ size: 1, later: 5 }] }, '')).toBeNull()
  })
})

describe('one of two shapes', () => {
  const shape = eitherOf(object({ a: count }), object({ b: string }))

  test('matches if either does', () => {
    expect(shape({ a: 1 }, '')).toBeNull()
    expect(shape({ b: 'x' }, '')).toBeNull()
    expect(shape({ a: -1, b: 'x' }, '')).toBeNull()
  })

  test('reports the damage for the first if neither matches', () => {
    expect(shape({ a: -1 }, 'lock')).toBe('lock.a')
    expect(shape({}, 'lock')).toBe('lock.a')
    expect(shape(null, 'lock')).toBe('lock')
  })
})
