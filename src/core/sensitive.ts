/** A string that cannot be logged by accident: a code, or a message that contains one. */

const redacted = '[redacted]'

/** The symbol of `util.inspect.custom`, looked up by name so that our types do not depend on Node's. */
const inspectCustom = Symbol.for('nodejs.util.inspect.custom')

/** Wraps a secret string. Printing, inspecting or serializing it gives `[redacted]`. Only senders call `reveal`. */
export class Sensitive {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** Returns the secret string. Send it to the vendor and nowhere else. */
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
