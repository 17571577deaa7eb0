/** The only source of randomness. */

import { randomFillSync, randomInt } from 'node:crypto'

const idBytes = 16

/** A pool of random bytes for ids, like that of `crypto.randomUUID`: filling it costs as much as drawing one id. */
const drawn = Buffer.alloc(128 * idBytes)
let usedUp = drawn.length

/**
 * Generates an id of 128 random bits.
 *
 * @example
 * const challenge = { id: newId(), issuedAt: now }
 */
export function newId(): string {
  if (usedUp === drawn.length) {
    randomFillSync(drawn)
    usedUp = 0
  }
  const id = drawn.toString('base64url', usedUp, usedUp + idBytes)
  usedUp += idBytes
  return id
}

/**
 * Generates random bytes, for secrets and nonces.
 *
 * @example
 * const secret = newBytes(20)
 */
export function newBytes(length: number): Buffer {
  return randomFillSync(Buffer.alloc(length))
}

/** The first version of a new row. Random, so a version read before a delete never matches. */
export function firstVersion(): number {
  return randomInt(1, 2 ** 47)
}
