/** The messages that the console sender did not send, for whoever tries the example out. */

import type { RequestHandler } from 'express'
import type { ConsoleSender } from 'passport-second-factor'

import { wantsPage } from './answers.js'

/** `GET /dev/inbox?to=`: newest first. Never mounted in production. */
export function inboxRoute(inbox: ConsoleSender): RequestHandler {
  return (req, res) => {
    const { to } = req.query
    // A form's decoder reads "+" in a query as a space, and no phone begins with one.
    const phone = typeof to === 'string' && to !== '' ? to.replace(/^ /, '+') : undefined
    const messages = inbox.inbox(phone)
    if (wantsPage(req)) {
      const phones = [...new Set(inbox.inbox().map((message) => message.to))].sort()
      res.render('inbox', { messages, phones, phone })
    } else {
      res.json(messages)
    }
  }
}
