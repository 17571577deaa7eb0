/** Translates the placeholders of statements, `$1` and so on, to those of the client. */

import type { Bind } from './row-values.js'

/** A statement whose placeholders each stand for one value, in order. */
export interface Ordered {
  readonly text: string
  /** Returns the value for each placeholder. */
  readonly valuesOf: (binds: Bind[]) => Bind[]
}

/** Gives each placeholder one value, in order: not every client allows them twice or out of order. */
export function orderedStatement(sql: string, isNumbered: boolean): Ordered {
  const order: number[] = []
  const text = sql.replaceAll(/\$(\d+)/g, (_, position: string) => {
    order.push(Number(position) - 1)
    return isNumbered ? `$${order.length}` : '?'
  })
  const isInOrder = order.every((index, at) => index === at)
  return {
    text,
    valuesOf: (binds) => (isInOrder ? binds : order.map((index) => binds[index] ?? null)),
  }
}
