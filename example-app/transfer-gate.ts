/** The gate in front of transfers: a recent second factor, and a stronger method for large sums. */

import type { RequestHandler } from 'express'
import type { SecondFactor } from 'passport-second-factor'

import { field } from './answers.js'
import { centsOf } from './formats.js'
import type { AppUser } from './users.js'

/** A transfer of more than this is large. A real application would add up a day's transfers. */
export const largeCents = 100_00

/**
 * Makes the gate in front of `POST /transfer`. A session that has passed only with a code by message cannot send a large
 * sum. A user with neither a passkey nor an app is sent to set one up, and then back to the form as they left it.
 *
 * The gate is only as strong as the weakest factor that can enrol others. Any fresh second factor can add another, even a
 * code by message: an attacker with the password who takes over the phone number can set up their own app, and this gate
 * opens. The owner gets a message about it, but at that same number. To rule this out, offer no codes by message.
 */
export function transferGate(
  secondFactor: SecondFactor<AppUser>,
  hasPasskeys: boolean,
): RequestHandler[] {
  const maxAgeSeconds = 300
  const keepFields = ['to', 'amount']
  const factors = hasPasskeys ? ['passkey', 'totp'] : ['totp']
  // `fresh` comes first, because setting up a factor, which `strong` may ask for, needs a recent pass.
  const fresh = secondFactor.gate({ maxAgeSeconds, keepFields })
  const strong = secondFactor.gate({ maxAgeSeconds, keepFields, factors })
  const strongForLarge: RequestHandler = (req, res, next) => {
    // Parsed in the same way as in the transfer, which refuses anything that is not an amount.
    if ((centsOf(field(req, 'amount')) ?? 0) > largeCents) strong(req, res, next)
    else next()
  }
  return [fresh, strongForLarge]
}
