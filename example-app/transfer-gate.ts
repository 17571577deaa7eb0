/** The gate in front of transfers: a recent second factor, and a stronger method for large sums. */

import type { RequestHandler } from 'express'
import type { SecondFactor } from 'passport-second-factor'

import { field } from './answers.js'
import { centsOf } from './formats.js'
import type { AppUser } from './users.js'

/** A transfer of more than this is large. A real application would add up those of a day. */
export const largeCents = 100_00

/**
 * Makes the gate in front of `POST /transfer`. A session that passed by a message alone sends no large sum. A user with
 * neither a passkey nor an app is led to the page to set one up, and from there back to the form, which is as they left it.
 *
 * The gate is only as strong as the weakest factor that may enrol. Any fresh second factor may add another, a message
 * included: whoever has the password and takes over the phone number can set up an app of their own, and this gate
 * opens. Its owner gets a message about it, at that same number. To rule it out, offer no codes by message.
 */
export function transferGate(
  secondFactor: SecondFactor<AppUser>,
  hasPasskeys: boolean,
): RequestHandler[] {
  const maxAgeSeconds = 300
  const keepFields = ['to', 'amount']
  const factors = hasPasskeys ? ['passkey', 'totp'] : ['totp']
  // The first gate stands before the second so that whoever has to set something up has passed just now, as that needs.
  const fresh = secondFactor.gate({ maxAgeSeconds, keepFields })
  const strong = secondFactor.gate({ maxAgeSeconds, keepFields, factors })
  const strongForLarge: RequestHandler = (req, res, next) => {
    // Read as the transfer itself reads it; what is no amount is refused there.
    if ((centsOf(field(req, 'amount')) ?? 0) > largeCents) strong(req, res, next)
    else next()
  }
  return [fresh, strongForLarge]
}
