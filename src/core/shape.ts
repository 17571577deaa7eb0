/** Validates stored JSON field by field, and names the damaged field. */

/** Returns the path of the first invalid field below `path`, or `null` if the value is valid. */
export type Shape = (value: unknown, path: string) => string | null

/** A shape for every field of a type, so the compiler reports a missing one. */
export type FieldsOf<T> = { readonly [Field in keyof T]-?: Shape }

const shape =
  (isWhole: (value: unknown) => boolean): Shape =>
  (value, path) =>
    isWhole(value) ? null : path

/** A string. */
export const string = shape((value) => typeof value === 'string')

/** A finite number. */
export const number = shape(Number.isFinite)

/** A whole number of at least 0. */
export const count = shape((value) => Number.isSafeInteger(value) && Number(value) >= 0)

/** `true` or `false`. */
export const boolean = shape((value) => typeof value === 'boolean')

/** `true`, and nothing else. */
export const isTrue = shape((value) => value === true)

/** One of these strings. */
export function oneOf(...names: readonly string[]): Shape {
  return shape((value) => typeof value === 'string' && names.includes(value))
}

/** `null`, or of this shape. */
export function orNull(inner: Shape): Shape {
  return (value, path) => (value === null ? null : inner(value, path))
}

/** Absent, or of this shape. */
export function optional(inner: Shape): Shape {
  return (value, path) => (value === undefined ? null : inner(value, path))
}

/** An array whose items all have this shape. */
export function arrayOf(inner: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) return path
    for (const [index, item] of value.entries()) {
      const damaged = inner(item, '')
      if (damaged !== null) return below(`${path}[${index}]`, damaged)
    }
    return null
  }
}

/** An object with these fields. Other fields are allowed: a later release may have added them. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(fields)
  return (value, path) => {
    if (!isObject(value)) return path
    for (const [name, inner] of entries) {
      const damaged = inner(value[name], name)
      if (damaged !== null) return below(path, damaged)
    }
    return null
  }
}

/** An object whose values all have this shape, whatever their names. */
export function recordOf(inner: Shape): Shape {
  return (value, path) => {
    if (!isObject(value)) return path
    for (const name of Object.keys(value)) {
      const damaged = inner(value[name], name)
      if (damaged !== null) return below(path, damaged)
    }
    return null
  }
}

/** One of these shapes. If none matches, the path is the one that the first shape returns. */
export function eitherOf(first: Shape, ...others: readonly Shape[]): Shape {
  return (value, path) => {
    const damaged = first(value, path)
    return others.some((other) => other(value, path) === null) ? null : damaged
  }
}

/** True if a value is an object, and neither `null` nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Joins a path only where there is damage: every read of a row checks some fifty fields. */
function below(path: string, damaged: string): string {
  const isField = path !== '' && damaged !== '' && !damaged.startsWith('[')
  return isField ? `${path}.${damaged}` : path + damaged
}
