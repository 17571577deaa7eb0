/** A bounded cache for pure functions of a string. */

/** Longer strings are not cached, so a client cannot fill the memory with them. */
const maxLength = 256

/**
 * Caches the results of a pure function; beyond `maxEntries` the oldest is dropped. Callers must not mutate a result.
 *
 * @example
 * const localesOf = remembered((header: string) => parse(header), 100)
 */
export function remembered<T>(work: (text: string) => T, maxEntries: number): (text: string) => T {
  const answers = new Map<string, { readonly answer: T }>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known.answer
    const answer = work(text)
    if (text.length > maxLength) return answer
    if (answers.size >= maxEntries) answers.delete(answers.keys().next().value ?? '')
    answers.set(text, { answer })
    return answer
  }
}
