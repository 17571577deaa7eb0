import { describe, expect, test } from 'vitest'

import { canonicalLocale, matchLocale } from '../../src/core/locale.js'

describe('a language tag', () => {
  test.each([
    ['fr', 'fr'],
    ['FR', 'fr'],
    ['pt-br', 'pt-BR'],
    ['pt_BR', 'pt-BR'],
    ['hi-latn-in', 'hi-Latn-IN'],
    ['iw', 'he'],
  ])('written as %s is %s', (written, canonical) => {
    expect(canonicalLocale(written)).toBe(canonical)
  })

  test.each([
    ...['', '*', '-', 'x', 'fr-', 'français', 'en US', 'en\n@evil.com', 'pt_BR.UTF-8', '../en'],
    ...[null, undefined, 4, {}, ['fr'], `en-x-${'abcdefgh-'.repeat(1_000)}x`],
  ])('%j is not a language tag', (given) => {
    expect(canonicalLocale(given)).toBeNull()
  })
})

describe('the best match among the offered tags', () => {
  const offered = ['en', 'pt', 'pt-BR', 'hi', 'hi-Latn', 'constructor']

  test.each([
    ['pt-BR', 'pt-BR'],
    ['pt_br', 'pt-BR'],
    ['pt-PT', 'pt'],
    ['hi-IN', 'hi'],
    ['hi-Latn-IN', 'hi-Latn'],
    ['en-GB-oxendict', 'en'],
    ['en-u-ca-gregory', 'en'],
  ])('for %s is %s', (wanted, best) => {
    expect(matchLocale(wanted, offered)).toBe(best)
  })

  test.each(['fr', 'e', 'eng-x', 'p', '', null, '*', '__proto__'])(
    'for %j does not exist',
    (wanted) => {
      expect(matchLocale(wanted, offered)).toBeNull()
    },
  )

  test('is never more specific than the wanted one', () => {
    expect(matchLocale('zh', ['zh-Hant-TW'])).toBeNull()
  })
})
