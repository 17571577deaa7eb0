/** Adds the application's CSRF token to our pages' forms, as a hidden field. */

import type { Request, Response } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { CsrfField } from '../pages/page.js'

/** The source of the token, and the field that carries it. */
export interface CsrfOptions {
  /** Returns the token that your CSRF package made: `(req) => req.csrfToken()`. */
  readonly token: (req: Request, res: Response) => string | Promise<string>
  /**
   * The name of the field that your package reads.
   *
   * @default '_csrf'
   */
  readonly field?: string | undefined
}

/** The checked option, with its defaults. */
export interface CsrfToken extends CsrfOptions {
  readonly field: string
}

/**
 * Checks the option `pages.csrf`.
 *
 * @throws ConfigurationError if it cannot be used.
 */
export function resolveCsrf(options: CsrfOptions | undefined): CsrfToken | null {
  if (options === undefined) return null
  assertKnownOptions('pages.csrf', options, { token: true, field: true })
  const { token, field = '_csrf' } = options
  if (typeof token !== 'function') {
    fail('token must be a function, such as (req) => req.csrfToken()', 'pages.csrf.token')
  }
  if (typeof field !== 'string' || field === '') {
    fail("field must be the name of a field, such as '_csrf'", 'pages.csrf.field')
  }
  return { token, field }
}

/** The hidden field for this request's page. */
export async function csrfFieldOf(
  { csrf }: { readonly csrf: CsrfToken | null },
  req: Request,
  res: Response,
): Promise<CsrfField | null> {
  if (csrf === null) return null
  const token: unknown = await madeBy(csrf, req, res)
  if (typeof token === 'string' && token !== '') return { field: csrf.field, token }
  return fail('token must return a non-empty string', 'pages.csrf.token')
}

async function madeBy({ token }: CsrfToken, req: Request, res: Response): Promise<unknown> {
  try {
    return await token(req, res)
  } catch (error) {
    throw new ConfigurationError(
      'pages.csrf.token failed; mount the middleware that makes the token above router() and the gate',
      'pages.csrf.token',
      { cause: error },
    )
  }
}

function fail(problem: string, option: string): never {
  throw new ConfigurationError(`pages.csrf.${problem}`, option)
}
