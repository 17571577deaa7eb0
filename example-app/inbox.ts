/** The messages that the console sender did not send, for whoever tries the example out. */

import type { RequestHandler } from 'express'
import type { ConsoleSender } from 'passport-second-factor'

import { wantsPage } from './answers.js'

/** `GET /dev/inbox?to=`: newest first. Never mounted in production. */
export function inboxRoute(inbox: ConsoleSender): RequestHandler {
  return (req, res) => {
    const { to } = req.query
    // A "+" in a query is a space to a form's decoder; nobody means a number that begins with one.
    const number = typeof to === 'string' && to !== '' ? to.replace(/^ /, '+') : undefined
    const messages = inbox.inbox(number)
    if (wantsPage(req)) {
      const numbers = [...new Set(inbox.inbox().map((message) => message.to))].sort()
      res.render('inbox', { messages, numbers, number })
    } else {
      res.json(messages)
    }
  }
}
