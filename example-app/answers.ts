/** What the application's own routes answer when something is wrong. */

import { STATUS_CODES } from 'node:http'

import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { SecondFactorError } from 'passport-second-factor'
import { BaseError } from 'sequelize'

import { nameOf } from './environment.js'
import { log } from './log.js'

/** A program told to come back to a database that failed waits so long. */
const retrySeconds = 5

/** The errors of a form by field, in the order of the fields. */
export type WrongFields = Readonly<Record<string, string>>

/** Answers as the second factor's router does: a problem for programs, a page for people. */
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
    // What was typed stays in the form, but for the password.
    const kept = ['username', 'phone', 'to', 'amount']
    const typed = Object.fromEntries(kept.map((name) => [name, textField(req, name)]))
    res.render(page, { ...locals, message: detail, status, typed })
  } else {
    const problem = { type: 'about:blank', title: STATUS_CODES[status], status, code, detail }
    res.type('application/problem+json').send(JSON.stringify(problem))
  }
}

/** Whether a browser's navigation or form is to be answered, rather than a program. */
export function wantsPage(req: Request): boolean {
  return !req.is('application/json') && req.accepts(['json', 'html']) === 'html'
}

/** The user of a request that a gate or the password has let through. */
export function userOf(req: Request): Express.User {
  if (req.user) return req.user
  throw new Error(`${req.path} is mounted without a gate`)
}

/** The body's own field. */
export function field(req: Request, name: string): unknown {
  const body: unknown = req.body
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  return Reflect.get(body, name)
}

/** The body's own field, if it is a text of reasonable length. */
export function textField(req: Request, name: string, most = 200): string | null {
  const value = field(req, name)
  const usable = typeof value === 'string' && value.length <= most && !/[\p{Cc}\p{Cs}]/u.test(value)
  return usable && value.trim() !== '' ? value : null
}

/** The form again, with what was typed, each wrong field marked; what is wrong is also the detail for programs. */
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

/** For a page that programs have no use for. */
export const onlyPages: RequestHandler = (req, _res, next) => {
  next(wantsPage(req) ? undefined : 'route')
}

/** Leads a browser that opens the address of a form to the page that the form stands on. */
export function leadTo(path: string): RequestHandler {
  return (_req, res) => {
    res.redirect(303, path)
  }
}

/** For a path that answers other methods. */
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

/** Refuses a body that is neither JSON nor a form; put it behind the parsers of those. */
export const onlyReadable: RequestHandler = (req, res, next) => {
  const empty = !(Number(req.get('content-length') ?? 0) > 0)
  if (empty || req.is(['application/json', 'application/x-www-form-urlencoded'])) next()
  else answerProblem(req, res, 415, 'unsupported_media_type', 'Send JSON or a form.')
}

/** Bad requests say why; everything else is ours to mend, and tells no details. */
export const onError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const given = error instanceof Error && 'status' in error ? error.status : undefined
  const status = typeof given === 'number' ? given : 500
  if (status >= 500) log('error', { type: 'request_failed', error: whatFailed(error) })
  if (res.headersSent) {
    // Express cuts the connection off, so that half an answer is not taken for a whole one.
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

/** A database's error may quote what was asked of it, password hashes and phone numbers included. */
function whatFailed(error: unknown): string {
  if (error instanceof BaseError || !(error instanceof Error)) return nameOf(error)
  return error.stack ?? error.message
}
