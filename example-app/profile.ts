/** `GET /profile`: the user's ways to sign in. It needs only the password, so it shows little. */

import type { RequestHandler } from 'express'
import type { SecondFactor } from 'passport-second-factor'

import { userOf, wantsPage } from './answers.js'
import type { AppUser } from './users.js'

export function profile(secondFactor: SecondFactor<AppUser>): RequestHandler {
  return async (req, res) => {
    const { username, phone, phoneVerified } = userOf(req)
    if (!wantsPage(req)) {
      res.json({ user: { username } })
      return
    }
    // If the store is down, the rest of the page is still useful.
    const held = await secondFactor.listFactors(userOf(req)).catch(() => null)
    const kinds = held?.map(({ kind }) => kind) ?? null
    // Never the whole phone number.
    res.render('profile', { kinds, phone: phone && `••••${phone.slice(-2)}`, phoneVerified })
  }
}
