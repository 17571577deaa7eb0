/** Puts texts of an application's own in the place of shipped ones. */

import { ConfigurationError } from '../core/errors.js'

type Group = Readonly<Record<string, unknown>>

/**
 * The texts with some replaced; the shape of each stays as it was. A refusal that an application says in words of its
 * own is said so where there is a wait as well, unless it has words for that too.
 *
 * @throws ConfigurationError for a text that does not exist, or is none.
 */
export function withOwnTexts<T extends object>(base: T, own: object, option: string): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(base))
  for (const [name, text] of Object.entries<unknown>({ ...own })) {
    if (text === undefined) continue
    const shipped: unknown = Object.hasOwn(base, name) ? Reflect.get(base, name) : undefined
    // A plural may have forms that English does not know.
    const isForm =
      shipped === undefined && 'other' in base && /^(?:zero|one|two|few|many)$/.test(name)
    if (isGroup(shipped) && isGroup(text)) {
      merged[name] = withOwnTexts(shipped, text, `${option}.${name}`)
    } else if ((typeof shipped === 'string' || isForm) && typeof text === 'string') {
      merged[name] = text
    } else {
      const wanted = isGroup(shipped) ? 'must be an object of strings' : 'must be a string'
      const problem = shipped === undefined && !isForm ? 'is not a text of the pages' : wanted
      throw new ConfigurationError(`${option}.${name} ${problem}`, `${option}.${name}`)
    }
  }
  return { ...merged, ...ownWaits(merged, { ...own }) } as T
}

function ownWaits({ waits, refusals }: Group, own: Group): Group {
  if (!isGroup(waits) || !isGroup(refusals)) return {}
  const hasOwn = (group: unknown, code: string) => isGroup(group) && group[code] !== undefined
  const replaced = Object.keys(waits).filter(
    (code) => hasOwn(own['refusals'], code) && !hasOwn(own['waits'], code),
  )
  const words = replaced.map((code): [string, unknown] => [code, refusals[code]])
  return { waits: { ...waits, ...Object.fromEntries(words) } }
}

function isGroup(text: unknown): text is Group {
  return typeof text === 'object' && text !== null
}
