/** Functions of a string, whose answers are worked out once. */

/** Longer strings are worked out each time, so that nobody fills the memory with them. */
const maxLength = 256

/**
 * The same function, which remembers its latest answers. For pure functions, whose answers nobody changes.
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
