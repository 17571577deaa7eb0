/** A text that no log can print by accident: a code, or a message that carries one. */

import { inspect } from 'node:util'

const redacted = '[redacted]'

/** Wraps a secret text; every way of printing it says `[redacted]`. Only a sender calls `reveal`. */
export class Sensitive {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. Hand it to the wire and to nothing else. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  [inspect.custom](): string {
    return redacted
  }
}
