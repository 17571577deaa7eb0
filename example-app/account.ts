/** The pages of a user: the profile, which the password opens; the account and its transfers, behind the gate. */

import type { Request, RequestHandler, Response } from 'express'
import type { SecondFactor } from 'passport-second-factor'

import { answerProblem, field, notFound, textField, userOf, wantsPage } from './answers.js'
import type { Transfers } from './transfers.js'
import type { AppUser } from './users.js'

/** `GET /profile` */
export const profile: RequestHandler = (req, res) => {
  const { username, phone, phoneVerified } = userOf(req)
  if (wantsPage(req)) {
    // Never the whole phone number: the password alone opens this page.
    const masked = phone && `••••${phone.slice(-2)}`
    res.render('profile', { phone: masked, phoneVerified })
  } else {
    res.json({ user: { username } })
  }
}

/** `GET /account`. A transfer that had to wait for a code is in its form again. */
export function account(transfers: Transfers, secondFactor: SecondFactor<AppUser>): RequestHandler {
  return async (req, res) => {
    if (wantsPage(req)) {
      const typed = secondFactor.keptFields(req)
      res.render('account', { ...(await accountLocals(transfers, req)), typed })
    } else {
      res.json({ user: { username: userOf(req).username } })
    }
  }
}

/** `POST /transfer` `{ to, amount }` */
export function transfer(transfers: Transfers): RequestHandler {
  return async (req, res) => {
    const to = textField(req, 'to')
    const cents = centsOf(field(req, 'amount'))
    if (to === null || cents === null) {
      await refuseTransfer(transfers, req, res)
      return
    }
    const id = await transfers.send(userOf(req), to, cents)
    // The answer to a form is a redirect, so that a reload sends no second transfer.
    if (wantsPage(req)) res.redirect(303, `/transfers/${id}`)
    else res.json({ status: 'transferred', to, amount: cents / 100 })
  }
}

/** `GET /transfers/:id`: what became of one. */
export function receipt(transfers: Transfers): RequestHandler<{ id: string }> {
  return async (req, res, next) => {
    const { id } = req.params
    const found = /^\d{1,9}$/.test(id) ? await transfers.find(userOf(req), Number(id)) : null
    if (found === null) notFound(req, res, next)
    else if (wantsPage(req)) res.render('receipt', { transfer: found })
    else res.json({ id: found.id, with: found.with, amount: found.cents / 100, at: found.at })
  }
}

/** The form again, with what was typed, and what is wrong with it. */
async function refuseTransfer(transfers: Transfers, req: Request, res: Response): Promise<void> {
  const locals = wantsPage(req) ? await accountLocals(transfers, req) : {}
  const detail = 'Give a recipient and an amount above 0.'
  answerProblem(req, res, 400, 'malformed_request', detail, 'account', locals)
}

async function accountLocals(transfers: Transfers, req: Request) {
  const statement = await transfers.statementOf(userOf(req))
  return { statement, passedAt: req.secondFactor?.passedAt ?? null }
}

/** An amount in whole cents, as JSON or as a form gives it. */
function centsOf(amount: unknown): number | null {
  const text = typeof amount === 'number' ? String(amount) : amount
  if (typeof text !== 'string' || !/^\d{1,9}(\.\d{1,2})?$/.test(text)) return null
  const cents = Math.round(Number(text) * 100)
  return cents > 0 ? cents : null
}
