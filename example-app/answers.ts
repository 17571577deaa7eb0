/** What the application's own routes answer when something is wrong. */

import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'

/** Answers as the second factor's router does: a problem for programs, a page for people. */
export function answerProblem(
  req: Request,
  res: Response,
  status: number,
  code: string,
  detail: string,
  page = 'message',
): void {
  res.status(status)
  if (wantsPage(req)) {
    res.render(page, { message: detail })
  } else {
    const problem = { type: 'about:blank', title: code.replaceAll('_', ' '), status, code, detail }
    res.type('application/problem+json').send(JSON.stringify(problem))
  }
}

/** Whether a browser's navigation or form is to be answered, rather than a program. */
export function wantsPage(req: Request): boolean {
  return !req.is('application/json') && req.accepts(['json', 'html']) === 'html'
}

/** The body's own field, if it is a text of reasonable length. */
export function textField(req: Request, name: string, most = 200): string | null {
  const body: unknown = req.body
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return null
  const value: unknown = Reflect.get(body, name)
  const usable = typeof value === 'string' && value.length <= most && !/\p{Cc}/u.test(value)
  return usable && value.trim() !== '' ? value : null
}

export const notFound: RequestHandler = (req, res) => {
  answerProblem(req, res, 404, 'not_found', 'There is nothing at this address.')
}

/** Bad requests say why; everything else is ours to fix, and tells no details. */
export const onError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) {
    next(error)
    return
  }
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (status === 413) answerProblem(req, res, 413, 'body_too_large', 'The request is too large.')
  else if (typeof status === 'number' && status >= 400 && status < 500) {
    answerProblem(req, res, 400, 'malformed_request', 'The request could not be read.')
  } else {
    console.error(error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error')
    answerProblem(req, res, 500, 'internal_error', 'Something went wrong here. Try again.')
  }
}
