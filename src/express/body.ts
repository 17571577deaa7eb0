/** Reads a request's fields: parses the body where the application has not, and trusts no type in it. */

import express, { type Request, type RequestHandler, type Response } from 'express'

import { ConfigurationError } from '../core/errors.js'
import type { Fields } from '../core/fields.js'
import { refusal, type Refusal } from '../core/refusal.js'

/** A larger body is refused, unless a factor's evidence needs more. */
const defaultMaxBytes = 4096

/** A body's fields, or none where the body is empty. */
export interface Body {
  readonly status: 'parsed'
  readonly fields: Fields
}

/** A body's bytes, none where it is empty. */
export interface Bytes {
  readonly status: 'read'
  readonly bytes: Uint8Array
}

/** The parsers for bodies up to so many bytes, made once. */
const parsersBySize = new Map<number, readonly RequestHandler[]>()

function parsersFor(limit: number): readonly RequestHandler[] {
  const made = parsersBySize.get(limit) ?? [
    express.json({ type: 'application/json', limit }),
    express.urlencoded({ type: 'application/x-www-form-urlencoded', extended: false, limit }),
  ]
  parsersBySize.set(limit, made)
  return made
}

/** Fails where there is as much as one byte. Express 4.16, which has no `raw`, does so too. */
const noBytes: RequestHandler = express.json({ type: () => true, limit: 0 })

/** Reads the body as JSON or as a form. Only a fault that is not the client's throws. */
export async function readBody(
  req: Request,
  res: Response,
  maxBytes: number = defaultMaxBytes,
): Promise<Body | Refusal> {
  const length = Number(req.get('content-length') ?? 0)
  if (length > maxBytes) return refusal('body_too_large')
  const hasBody = length > 0 || req.get('transfer-encoding') !== undefined
  // Parsers of Express 4 leave `{}` behind where they read nothing: only the stream tells.
  const parsedBefore = (req.body as unknown) !== undefined && req.readableDidRead
  if (hasBody && !parsedBefore) {
    const readable = req.is(['application/json', 'application/x-www-form-urlencoded'])
    // A body in chunks may turn out to be empty, and then it has no need of a type.
    const isNone = !readable && length === 0 && (await run(noBytes, req, res)) === undefined
    if (isNone) return { status: 'parsed', fields: null }
    const refused = readable ? await parse(req, res, maxBytes) : refusal('unsupported_media_type')
    if (refused !== null) return refused
  }
  const body: unknown = req.body
  if (body === undefined || body === null) return { status: 'parsed', fields: null }
  if (typeof body !== 'object' || Array.isArray(body)) return refusal('malformed_request')
  return { status: 'parsed', fields: body }
}

/** Makes the reader of a body's bytes exactly as they came, up to so many. */
export function bytesReader(
  limit: number,
): (req: Request, res: Response) => Promise<Bytes | Refusal> {
  if (typeof (express as Partial<typeof express>).raw !== 'function') {
    throw new ConfigurationError(
      'receiptsRouter() needs the bytes of the body, which Express reads from 4.17 on; install express@4',
    )
  }
  const raw = express.raw({ type: () => true, inflate: false, limit })
  return async (req, res) => {
    const kept = keptBytes(req)
    if (kept !== null) {
      return kept.length > limit ? refusal('body_too_large') : { status: 'read', bytes: kept }
    }
    if (req.readableDidRead) {
      throw new ConfigurationError(
        'receiptsRouter() needs the bytes of the body, which are gone; mount it before express.json(), ' +
          'express.urlencoded() and other body parsers, or keep the bytes as req.rawBody',
      )
    }
    const error = await run(raw, req, res)
    if (error !== undefined) return parseRefusal(error)
    // Where there is no body, Express 4 leaves `{}` and Express 5 nothing.
    return { status: 'read', bytes: bytesOf(req.body) ?? new Uint8Array() }
  }
}

/**
 * The bytes that whoever read the body first has kept: as `req.body`, or as `req.rawBody`, where Firebase, Google
 * Cloud Functions, Azure Functions and NestJS keep them. Some keep a string there: where it was no UTF-8, no
 * signature fits.
 */
function keptBytes(req: Request): Uint8Array | null {
  const { body, rawBody } = req as { readonly body?: unknown; readonly rawBody?: unknown }
  if (typeof rawBody === 'string' && bytesOf(body) === null) return Buffer.from(rawBody, 'utf8')
  return bytesOf(body) ?? bytesOf(rawBody)
}

function bytesOf(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array ? value : null
}

async function parse(req: Request, res: Response, limit: number): Promise<Refusal | null> {
  for (const parser of parsersFor(limit)) {
    const error = await run(parser, req, res)
    if (error !== undefined) return parseRefusal(error)
  }
  return null
}

/** What a middleware told `next`. */
function run(middleware: RequestHandler, req: Request, res: Response): Promise<unknown> {
  return new Promise((resolve) => {
    void middleware(req, res, resolve)
  })
}

/** What body-parser's errors mean; those without a client's status are faults. */
function parseRefusal(error: unknown): Refusal {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (status === 413) return refusal('body_too_large')
  if (status === 415) return refusal('unsupported_media_type')
  if (typeof status === 'number' && status >= 400 && status < 500)
    return refusal('malformed_request')
  throw error
}
