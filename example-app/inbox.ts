/** Shows the console sender's messages to people who try the example. */

import type { RequestHandler } from 'express'
import type { ConsoleSender } from 'passport-second-factor'

import { wantsPage } from './answers.js'

/** `GET /dev/inbox?to=`: newest first. Never mounted in production. */
export function inboxRoute(inbox: ConsoleSender): RequestHandler {
  return (req, res) => {
    const { to } = req.query
    // The query's decoder turns "+" into a space, and no phone starts with a space.
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
