/** Reads the properties of values of unknown type, such as thrown errors and parsed JSON. */

/** Returns the properties of an object or array; none for any other value. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
