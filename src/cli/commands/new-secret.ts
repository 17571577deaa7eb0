/** `new-secret`: makes a secret for the option `secret`. */

import { newBytes } from '../../core/random.js'
import type { Command } from '../command.js'

/** Makes a secret of 256 bits. */
export const newSecret: Command = {
  summary: 'Prints a new secret of 256 bits for the option secret.',
  operands: [],
  options: {},
  needsConfig: false,
  run() {
    const made = newBytes(32).toString('base64url')
    return Promise.resolve({ json: { secret: made }, lines: [made] })
  },
}
