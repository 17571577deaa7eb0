/** `GET /profile`: how somebody signs in. The password alone opens it, so that it shows little. */

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
    // Where nobody can say what is held, the rest of the page is of use all the same.
    const held = await secondFactor.listFactors(userOf(req)).catch(() => null)
    const kinds = held?.map(({ kind }) => kind) ?? null
    // Never the whole phone number.
    res.render('profile', { kinds, phone: phone && `••••${phone.slice(-2)}`, phoneVerified })
  }
}
