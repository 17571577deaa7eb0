/** A text that no log can print by accident: a code, or a message that carries one. */

const redacted = '[redacted]'

/** The key of `util.inspect.custom`, named here so that our types need none of Node's. */
const inspectCustom = Symbol.for('nodejs.util.inspect.custom')

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

  [inspectCustom](): string {
    return redacted
  }
}
