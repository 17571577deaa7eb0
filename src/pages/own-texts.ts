/** Replaces shipped texts by the application's own. */

import { ConfigurationError } from '../core/errors.js'

type Group = Readonly<Record<string, unknown>>

/**
 * The texts with some replaced; their structure stays the same. An application's own text for a refusal is also used
 * when there is a wait, unless it has another text for that.
 *
 * @throws ConfigurationError for an unknown text, or one that is not a string.
 */
export function withOwnTexts<T extends object>(base: T, own: object, option: string): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(base))
  for (const [name, text] of Object.entries<unknown>({ ...own })) {
    if (text === undefined) continue
    const shipped: unknown = Object.hasOwn(base, name) ? Reflect.get(base, name) : undefined
    // Other languages may have plural forms that English lacks.
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
