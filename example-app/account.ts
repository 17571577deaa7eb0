/** The account and its transfers, behind the gate. */

import type { Request, RequestHandler, Response } from 'express'
import type { SecondFactor } from 'passport-second-factor'

import {
  answerWrongFields,
  field,
  notFound,
  textField,
  userOf,
  wantsPage,
  type WrongFields,
} from './answers.js'
import { centsOf, money } from './formats.js'
import { largeCents } from './transfer-gate.js'
import type { Transfers } from './transfers.js'
import type { AppUser } from './users.js'

/** `GET /account`. A transfer that was interrupted by a code is back in its form. */
export function account(transfers: Transfers, secondFactor: SecondFactor<AppUser>): RequestHandler {
  return async (req, res) => {
    if (wantsPage(req)) {
      const typed = secondFactor.keptFields(req)
      const isInterrupted = typed !== null
      res.render('account', { ...(await accountLocals(transfers, req)), typed, isInterrupted })
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
      const wrong = {
        ...(to === null && { to: 'Enter a recipient.' }),
        ...(cents === null && { amount: 'Enter an amount, such as 12.50.' }),
      }
      await refuseTransfer(transfers, req, res, { status: 400, code: 'malformed_request' }, wrong)
      return
    }
    const id = await transfers.send(userOf(req), to, cents)
    if (id === null) {
      const left = (await transfers.statementOf(userOf(req))).cents
      const wrong = { amount: `You have ${money(left)}. Enter a smaller amount.` }
      await refuseTransfer(transfers, req, res, { status: 422, code: 'balance_too_low' }, wrong)
      return
    }
    // A form is answered with a redirect, because a reload must not send a second transfer.
    if (wantsPage(req)) res.redirect(303, `/transfers/${id}`)
    else res.json({ status: 'transferred', to, amount: cents / 100 })
  }
}

/** `GET /transfers/:id`: the receipt of a transfer. */
export function receipt(transfers: Transfers): RequestHandler<{ id: string }> {
  return async (req, res, next) => {
    const { id } = req.params
    const found = /^\d{1,9}$/.test(id) ? await transfers.find(userOf(req), Number(id)) : null
    if (found === null) notFound(req, res, next)
    else if (wantsPage(req)) res.render('receipt', { transfer: found })
    else res.json({ id: found.id, with: found.with, amount: found.cents / 100, at: found.at })
  }
}

async function refuseTransfer(
  transfers: Transfers,
  req: Request,
  res: Response,
  problem: { readonly status: number; readonly code: string },
  wrong: WrongFields,
): Promise<void> {
  const locals = wantsPage(req) ? await accountLocals(transfers, req) : {}
  answerWrongFields(req, res, { ...problem, page: 'account' }, wrong, locals)
}

async function accountLocals(transfers: Transfers, req: Request) {
  const statement = await transfers.statementOf(userOf(req))
  const { passedAt = null, method = null } = req.secondFactor ?? {}
  // A trusted device has skipped the second factor, so there is no time of passing to show.
  return { statement, passedAt: method === 'trusted-device' ? null : passedAt, method, largeCents }
}
