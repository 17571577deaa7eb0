/** The application's own token against forged requests, as a hidden field of our pages' forms. */

import type { Request, Response } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { CsrfField } from '../pages/page.js'

/** Where the token comes from, and the field that carries it. */
export interface CsrfOptions {
  /** Returns the token, as the package that checks it makes it: `(req) => req.csrfToken()`. */
  readonly token: (req: Request, res: Response) => string | Promise<string>
  /**
   * The name of the field that the package reads.
   *
   * @default '_csrf'
   */
  readonly field?: string | undefined
}

/** The same, checked. */
export interface CsrfToken extends CsrfOptions {
  readonly field: string
}

/**
 * Checks the option `pages.csrf`.
 *
 * @throws ConfigurationError where it cannot be used.
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

/** The field for this request's page. */
export async function csrfFieldOf(
  { csrf }: { readonly csrf: CsrfToken | null },
  req: Request,
  res: Response,
): Promise<CsrfField | null> {
  if (csrf === null) return null
  const token: unknown = await madeBy(csrf, req, res)
  if (typeof token === 'string' && token !== '') return { field: csrf.field, token }
  return fail('token must return the token', 'pages.csrf.token')
}

async function madeBy({ token }: CsrfToken, req: Request, res: Response): Promise<unknown> {
  try {
    return await token(req, res)
  } catch (error) {
    throw new ConfigurationError(
      'pages.csrf.token failed; mount what makes the token above router() and the gate',
      'pages.csrf.token',
      { cause: error },
    )
  }
}

function fail(problem: string, option: string): never {
  throw new ConfigurationError(`pages.csrf.${problem}`, option)
}
