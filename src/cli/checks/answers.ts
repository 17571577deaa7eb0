/** Reads replies whose shape depends on the driver and its version. */

/** Returns the first number in a reply, or `NaN`. */
export function firstMilliseconds(answer: unknown): number {
  if (typeof answer === 'object' && answer !== null) {
    const [first] = Object.values(answer) as readonly unknown[]
    return firstMilliseconds(first)
  }
  return typeof answer === 'number' || typeof answer === 'string' ? Number(answer) : NaN
}

/** Collects all strings in a reply of Redis. Depending on the client and its protocol, that is a list, map or buffer. */
export function textOf(reply: unknown): string {
  if (typeof reply === 'string' || typeof reply === 'number') return String(reply)
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('utf8')
  if (reply instanceof Map) return textOf([...(reply as Map<unknown, unknown>).values()])
  if (typeof reply !== 'object' || reply === null) return ''
  return Object.values(reply).map(textOf).join('\n')
}
