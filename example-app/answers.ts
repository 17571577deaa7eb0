/** The error responses of the application's own routes. */

import { STATUS_CODES } from 'node:http'

import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { SecondFactorError } from 'passport-second-factor'
import { BaseError } from 'sequelize'

import { nameOf } from './environment.js'
import { log } from './log.js'

/** The `Retry-After` when the database is down. */
const retrySeconds = 5

/** The errors of a form by field, in the order of the fields. */
export type WrongFields = Readonly<Record<string, string>>

/** Responds like the second factor's router: a problem document for programs, a page for people. */
export function answerProblem(
  req: Request,
  res: Response,
  status: number,
  code: string,
  detail: string,
  page = 'message',
  locals: object = {},
): void {
  res.status(status)
  if (wantsPage(req)) {
    // The form keeps what was typed, except the password.
    const kept = ['username', 'phone', 'to', 'amount']
    const typed = Object.fromEntries(kept.map((name) => [name, textField(req, name)]))
    res.render(page, { ...locals, message: detail, status, typed })
  } else {
    const problem = { type: 'about:blank', title: STATUS_CODES[status], status, code, detail }
    res.type('application/problem+json').send(JSON.stringify(problem))
  }
}

/** True if the request is a browser's navigation or form, rather than a program's. */
export function wantsPage(req: Request): boolean {
  return !req.is('application/json') && req.accepts(['json', 'html']) === 'html'
}

/** Returns the user of a request behind a gate or `passwordOnly`. */
export function userOf(req: Request): Express.User {
  if (req.user) return req.user
  throw new Error(`${req.path} is mounted without a gate`)
}

/** Returns a field of the body. Inherited properties, such as `constructor`, do not count. */
export function field(req: Request, name: string): unknown {
  const body: unknown = req.body
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  return Reflect.get(body, name)
}

/** Returns a field of the body if it is a string of reasonable length, else `null`. */
export function textField(req: Request, name: string, most = 200): string | null {
  const value = field(req, name)
  const usable = typeof value === 'string' && value.length <= most && !/[\p{Cc}\p{Cs}]/u.test(value)
  return usable && value.trim() !== '' ? value : null
}

/** Shows the form again with what was typed and each wrong field marked. Programs get the errors as the detail. */
export function answerWrongFields(
  req: Request,
  res: Response,
  { status, code, page }: { readonly status: number; readonly code: string; readonly page: string },
  wrong: WrongFields,
  locals: object = {},
): void {
  answerProblem(req, res, status, code, Object.values(wrong).join(' '), page, { ...locals, wrong })
}

export const notFound: RequestHandler = (req, res) => {
  answerProblem(req, res, 404, 'not_found', 'There is no page at this address.')
}

/** Lets only browsers through; a program gets a 404. */
export const onlyPages: RequestHandler = (req, _res, next) => {
  next(wantsPage(req) ? undefined : 'route')
}

/** Redirects a browser that opens a form's address to the page with the form. */
export function leadTo(path: string): RequestHandler {
  return (_req, res) => {
    res.redirect(303, path)
  }
}

/** Responds with 405 to methods that the path does not have. */
export function only(...methods: string[]): RequestHandler {
  return (req, res) => {
    res.set('Allow', methods.join(', '))
    answerProblem(
      req,
      res,
      405,
      'method_not_allowed',
      'This address doesn’t take that kind of request.',
    )
  }
}

/** Refuses a body that is neither JSON nor a form. Mount it after their parsers. */
export const onlyReadable: RequestHandler = (req, res, next) => {
  const empty = !(Number(req.get('content-length') ?? 0) > 0)
  if (empty || req.is(['application/json', 'application/x-www-form-urlencoded'])) next()
  else answerProblem(req, res, 415, 'unsupported_media_type', 'Send JSON or a form.')
}

/** Explains a bad request; gives no details about any other error, which is ours to fix. */
export const onError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const given = error instanceof Error && 'status' in error ? error.status : undefined
  const status = typeof given === 'number' ? given : 500
  if (status >= 500) log('error', { type: 'request_failed', error: whatFailed(error) })
  if (res.headersSent) {
    // Express then closes the connection, and the client can tell that the response is incomplete.
    if (!res.writableEnded) next(error)
  } else if (status === 413) {
    answerProblem(
      req,
      res,
      413,
      'body_too_large',
      'That’s too much data. Enter less and try again.',
    )
  } else if (status === 415) {
    answerProblem(req, res, 415, 'unsupported_media_type', 'Send JSON or a form.')
  } else if (status < 500) {
    answerProblem(req, res, 400, 'malformed_request', 'We couldn’t read that request.')
  } else if (error instanceof BaseError || error instanceof SecondFactorError) {
    res.set('Retry-After', String(retrySeconds))
    answerProblem(
      req,
      res,
      503,
      'store_unavailable',
      'The service isn’t available right now. Try again in a moment.',
    )
  } else {
    answerProblem(req, res, 500, 'internal_error', 'Something went wrong on our side. Try again.')
  }
}

/** Describes an error for the log. A database's error may quote its query, with password hashes and phone numbers. */
function whatFailed(error: unknown): string {
  if (error instanceof BaseError || !(error instanceof Error)) return nameOf(error)
  return error.stack ?? error.message
}
