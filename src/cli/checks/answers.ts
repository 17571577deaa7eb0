/** Reads answers whose shape depends on driver and version. */

/** The first number in an answer; `NaN` where there is none. */
export function firstMilliseconds(answer: unknown): number {
  if (typeof answer === 'object' && answer !== null) {
    const [first] = Object.values(answer) as readonly unknown[]
    return firstMilliseconds(first)
  }
  return typeof answer === 'number' || typeof answer === 'string' ? Number(answer) : NaN
}

/** All text of an answer of Redis: a list, a map or a bulk, as the client and its protocol have it. */
export function textOf(reply: unknown): string {
  if (typeof reply === 'string' || typeof reply === 'number') return String(reply)
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('utf8')
  if (reply instanceof Map) return textOf([...(reply as Map<unknown, unknown>).values()])
  if (typeof reply !== 'object' || reply === null) return ''
  return Object.values(reply).map(textOf).join('\n')
}
