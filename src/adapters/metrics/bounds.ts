/** Keeps the number of series small, whatever events contain. */

import { instruments, type Domain, type Instrument, type InstrumentKey } from './instruments.js'

/** Attributes of a measurement. Each has few values, none of them about a person. */
export type Attributes = Readonly<Record<string, string>>

/** The most words that one attribute takes on. Refusal codes, the most numerous, are about 40. */
const maxWords = 60

/** Has no digits, because no phone, code or address may match. */
const word = /^[a-z][a-z_-]{0,39}$/

/** Makes the function that turns an event's values into attributes. */
export function createBounds(
  countries: readonly string[] | undefined,
): (key: InstrumentKey, values: Readonly<Record<string, unknown>>) => Attributes {
  const listed = countries ?? []
  const known = new Map<string, Set<string>>()
  const wordIn = (place: string, text: string): string => {
    const words = known.get(place) ?? new Set()
    known.set(place, words)
    if (words.has(text)) return text
    if (words.size >= maxWords || !word.test(text)) return 'other'
    words.add(text)
    return text
  }
  const bound = (place: string, domain: Domain, value: unknown): string => {
    if (value === undefined || value === null) return 'none'
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    if (domain === 'word') return wordIn(place, text)
    const values = domain === 'country' ? listed : domain
    return values.includes(text) ? text : 'other'
  }
  return (key, values) =>
    Object.fromEntries(
      attributesOf(key, countries).map(([name, domain]) => [
        name,
        bound(`${key} ${name}`, domain, values[name]),
      ]),
    )
}

/** The attributes of an instrument; the country only if the operator lists countries. */
export function attributesOf(
  key: InstrumentKey,
  countries: readonly string[] | undefined,
): readonly (readonly [string, Domain])[] {
  const { attributes }: Instrument = instruments[key]
  return Object.entries(attributes).filter(
    ([, domain]) => domain !== 'country' || countries !== undefined,
  )
}
