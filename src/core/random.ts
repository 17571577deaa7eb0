/** The only source of randomness. */

import { randomFillSync, randomInt } from 'node:crypto'

const idBytes = 16

/** Random bytes for ids to come, as `crypto.randomUUID` keeps them: a draw costs the same for one id as for many. */
const drawn = Buffer.alloc(128 * idBytes)
let usedUp = drawn.length

/**
 * A new id of 128 random bits, for challenges and grants.
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
 * Random bytes, for secrets and nonces.
 *
 * @example
 * const secret = newBytes(20)
 */
export function newBytes(length: number): Buffer {
  return randomFillSync(Buffer.alloc(length))
}

/** The first version of a new row: random, so that a version from before a delete never fits. */
export function firstVersion(): number {
  return randomInt(1, 2 ** 47)
}
