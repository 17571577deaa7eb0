/** The list of a user's sessions, and how to end one or all of them. */

import bowser from 'bowser'
import type { RequestHandler } from 'express'
import type { SecondFactor } from 'passport-second-factor'

import { answerProblem, textField, userOf, wantsPage } from './answers.js'
import { publicId, type Sessions } from './sessions.js'
import type { AppUser } from './users.js'

/** `GET /sessions` */
export function sessionList(sessions: Sessions): RequestHandler {
  return async (req, res) => {
    const own = publicId(req.sessionID)
    const all = (await sessions.list(userOf(req).id)).map(({ userAgent, ...each }) => ({
      ...each,
      ...deviceOf(userAgent),
      current: each.id === own,
    }))
    all.sort((left, right) => Number(right.current) - Number(left.current))
    if (wantsPage(req)) res.render('sessions', { sessions: all })
    else res.json({ sessions: all })
  }
}

/** `POST /sessions/log-out` `{ session }`: ends one session of the list. */
export function logOutOne(sessions: Sessions): RequestHandler {
  return async (req, res) => {
    const id = textField(req, 'session')
    if (id === null) {
      answerProblem(req, res, 400, 'malformed_request', 'Choose the session to log out.')
      return
    }
    await sessions.end(userOf(req).id, id)
    if (wantsPage(req)) res.redirect(303, '/sessions')
    else res.status(204).end()
  }
}

/**
 * `POST /sessions/log-out-everywhere`: ends every session of the user; the next handler logs this one out. It revokes the
 * second factor's passes first, because they grant access: if the rest fails, nobody is in.
 */
export function logOutEverywhere(
  sessions: Sessions,
  secondFactor: SecondFactor<AppUser>,
): RequestHandler {
  return async (req, _res, next) => {
    const user = userOf(req)
    await secondFactor.revoke(user)
    await sessions.endAll(user.id)
    next()
  }
}

/** Describes a browser by its user agent. Anybody can send any user agent, so it is information, not proof. */
function deviceOf(userAgent: string): { device: string; handheld: boolean } {
  const { browser, os, platform } =
    userAgent === '' ? { browser: {}, os: {}, platform: {} } : bowser.parse(userAgent)
  const names = [browser.name, os.name].filter((name) => name !== undefined && name !== '')
  return {
    device: names.join(' on ') || 'Another program',
    handheld: platform.type === 'mobile' || platform.type === 'tablet',
  }
}
