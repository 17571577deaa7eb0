import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format, inspect } from 'node:util'

import { describe, expect, test } from 'vitest'

import { Sensitive } from '../../src/core/sensitive.js'

const text = '048213 is your code'
const secret = new Sensitive(text)
const nested = { message: { to: '+237671234567', parts: [secret], map: new Map([['k', secret]]) } }

describe('a sensitive string', () => {
  test('is returned only by reveal()', () => {
    expect(secret.reveal()).toBe(text)
  })

  const printings: [string, (value: Sensitive) => string][] = [
    ['toString', (value) => value.toString()],
    ['String', (value) => String(value)],
    ['a template string', (value) => String.raw`${value}`],
    ['the join of an array', (value) => [value].join()],
    ['JSON.stringify', (value) => JSON.stringify(value)],
    ['util.inspect', (value) => inspect(value)],
    ['util.inspect of all that is hidden', (value) => inspect(value, { showHidden: true })],
    ['util.format %s', (value) => format('%s', value)],
    ['util.format %o', (value) => format('%o', value)],
    ['util.format %O', (value) => format('%O', value)],
    ['util.format %j', (value) => format('%j', value)],
    ['console.log', logged],
  ]

  test.each(printings)('prints as [redacted] through %s', (_way, print) => {
    expect(print(secret)).toContain('[redacted]')
    expect(print(secret)).not.toContain('048213')
  })

  test('stays redacted inside other objects, however they are printed', () => {
    for (const printed of [
      inspect(nested, { depth: Infinity }),
      JSON.stringify(nested),
      format('%o', nested),
      logged(nested),
      inspect(new Error('failed', { cause: nested }), { depth: Infinity }),
    ]) {
      expect(printed).toContain('[redacted]')
      expect(printed).not.toContain('048213')
    }
  })

  test('is in none of the object’s properties and in no copy', () => {
    expect(Reflect.ownKeys(secret)).toEqual([])
    expect(inspect(Object.assign({}, secret))).toBe('{}')
    expect(inspect(structuredClone(secret))).toBe('{}')
    expect(inspect(secret, { customInspect: false, showHidden: true })).not.toContain('048213')
  })
})

function logged(value: unknown): string {
  const chunks: string[] = []
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString())
      done()
    },
  })
  new Console({ stdout, stderr: stdout }).log('sent', value)
  return chunks.join('')
}
