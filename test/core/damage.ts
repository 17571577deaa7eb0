/** Damages stored JSON, one field at a time. */

/** A path to a field, such as `['grants', 0, 'id']`. */
export type Path = readonly (string | number)[]

export const notStrings: readonly unknown[] = [undefined, null, 5, true, {}, ['a']]
export const notNumbers: readonly unknown[] = [undefined, null, '5', true, NaN, Infinity, {}, [5]]
export const notCounts: readonly unknown[] = [...notNumbers, -1, 0.5, 2 ** 53]
export const notObjects: readonly unknown[] = [undefined, null, 5, true, 'a', []]
export const notLists: readonly unknown[] = [undefined, null, 5, 'a', {}, { 0: 'a', length: 1 }]

/** These values without `null`, for a field that may be null. */
export function orNull(values: readonly unknown[]): readonly unknown[] {
  return values.filter((value) => value !== null)
}

/** These values without `undefined`, for a field that may be absent. */
export function orAbsent(values: readonly unknown[]): readonly unknown[] {
  return values.filter((value) => value !== undefined)
}

/** A copy with another value at this path; `undefined` removes the field. */
export function replacedAt(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  const copy: object = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  const inner = replacedAt(Reflect.get(copy, key), rest, by)
  if (inner === undefined) Reflect.deleteProperty(copy, key)
  else Reflect.set(copy, key, inner)
  return copy
}

/** The path as errors write it, such as `grants[0].id`. */
export function spelt(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')
}

/** Every path in a value, objects and lists included, but the empty one. */
export function pathsIn(value: unknown, from: Path = []): Path[] {
  const below =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) =>
          pathsIn(inner, [...from, Array.isArray(value) ? Number(key) : key]),
        )
      : []
  return from.length === 0 ? below : [from, ...below]
}
