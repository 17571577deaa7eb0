/** `POST /register`: creates a user, and logs in. */

import type { Request, RequestHandler } from 'express'
import { phoneParser } from 'passport-second-factor'

import { answerWrongFields, field, textField, type WrongFields } from './answers.js'
import { passwordFault } from './passwords.js'
import type { Users } from './users.js'

/** With a phone, the first right code verifies it; without one, the user sets up an authenticator app next. */
export function register(users: Users): RequestHandler {
  const parsePhone = phoneParser()
  return async (req, res, next) => {
    const refuse = (status: number, code: string, wrong: WrongFields) => {
      answerWrongFields(req, res, { status, code, page: 'register' }, wrong)
    }
    const username = readName(req)
    const password = textField(req, 'password')
    const phone = readPhone(req)
    if (username === null || password === null || phone === null) {
      refuse(400, 'malformed_request', {
        ...(username === null && {
          username: 'Enter a user name of at most 64 characters, without spaces around it.',
        }),
        ...(password === null && { password: 'Enter a password of at most 200 characters.' }),
        ...(phone === null && { phone: 'Enter a phone number, or leave it out.' }),
      })
      return
    }
    const fault = passwordFault(password)
    const parsed = phone === '' ? null : parsePhone(phone)
    const refusal = parsed?.status === 'refused' ? parsed : null
    if (fault !== null || refusal !== null) {
      refuse(422, refusal?.code ?? 'password_too_short', {
        ...(fault !== null && { password: fault }),
        ...(refusal !== null && { phone: phoneFault(refusal.code) }),
      })
      return
    }
    const number = parsed?.status === 'refused' ? null : (parsed?.number ?? null)
    const user = await users.register(username, password, number)
    if (user === null) refuse(409, 'username_taken', { username: 'That user name is taken.' })
    else req.logIn(user, next)
  }
}

function readName(req: Request): string | null {
  const name = textField(req, 'username', 64)
  return name !== null && name === name.trim() ? name : null
}

/** Returns the phone as typed; an empty string if there is none, `null` if it is not a usable string. */
function readPhone(req: Request): string | null {
  const typed = field(req, 'phone') ?? ''
  return typeof typed === 'string' && typed.trim() === '' ? '' : textField(req, 'phone')
}

function phoneFault(code: string): string {
  return code === 'destination_blocked'
    ? 'We can’t send codes to that number. Use a different one.'
    : 'We can’t text that number. Check it, and include the country code.'
}
