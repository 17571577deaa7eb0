/** Reads a request's fields: parses the body if the application has not, and trusts none of its types. */

import express, { type Request, type RequestHandler, type Response } from 'express'

import { ConfigurationError } from '../core/errors.js'
import type { Fields } from '../core/fields.js'
import { refusal, type Refusal } from '../core/refusal.js'

/** A larger body is refused, unless a factor needs more for its evidence. */
const defaultMaxBytes = 4096

/** A body's fields; `null` if the body is empty. */
export interface Body {
  readonly status: 'parsed'
  readonly fields: Fields
}

/** A body's bytes; none if it is empty. */
export interface Bytes {
  readonly status: 'read'
  readonly bytes: Uint8Array
}

/** Body parsers by size limit, each made once. */
const parsersBySize = new Map<number, readonly RequestHandler[]>()

function parsersFor(limit: number): readonly RequestHandler[] {
  const made = parsersBySize.get(limit) ?? [
    express.json({ type: 'application/json', limit }),
    express.urlencoded({ type: 'application/x-www-form-urlencoded', extended: false, limit }),
  ]
  parsersBySize.set(limit, made)
  return made
}

/** Fails if the body has even one byte. `express.json` does this in Express 4.16 too, which lacks `raw`. */
const noBytes: RequestHandler = express.json({ type: () => true, limit: 0 })

/** Reads the body as JSON or as a form. It throws only for faults that are not the client's. */
export async function readBody(
  req: Request,
  res: Response,
  maxBytes: number = defaultMaxBytes,
): Promise<Body | Refusal> {
  const length = Number(req.get('content-length') ?? 0)
  if (length > maxBytes) return refusal('body_too_large')
  const hasBody = length > 0 || req.get('transfer-encoding') !== undefined
  // Parsers of Express 4 set `{}` even if they read nothing: only the stream shows which it was.
  const parsedBefore = (req.body as unknown) !== undefined && req.readableDidRead
  if (hasBody && !parsedBefore) {
    const readable = req.is(['application/json', 'application/x-www-form-urlencoded'])
    // A chunked body may turn out to be empty, and then it needs no content type.
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

/** Makes a reader that returns the body's bytes exactly as sent, up to a limit. */
export function bytesReader(
  limit: number,
): (req: Request, res: Response) => Promise<Bytes | Refusal> {
  if (typeof (express as Partial<typeof express>).raw !== 'function') {
    throw new ConfigurationError(
      'receiptsRouter() needs the raw bytes of the body, which Express can read since 4.17; install express@4',
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
        'receiptsRouter() needs the raw bytes of the body, but another parser has consumed them; mount it before ' +
          'express.json(), express.urlencoded() and other body parsers, or keep the bytes as req.rawBody',
      )
    }
    const error = await run(raw, req, res)
    if (error !== undefined) return parseRefusal(error)
    // Without a body, Express 4 sets `{}` and Express 5 nothing.
    return { status: 'read', bytes: bytesOf(req.body) ?? new Uint8Array() }
  }
}

/**
 * The bytes kept by whatever read the body first: in `req.body`, or in `req.rawBody` (Firebase, Google Cloud Functions,
 * Azure Functions, NestJS). Some keep a string there; if the body was not UTF-8, its signature will not match.
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

/** The argument that a middleware passed to `next`. */
function run(middleware: RequestHandler, req: Request, res: Response): Promise<unknown> {
  return new Promise((resolve) => {
    void middleware(req, res, resolve)
  })
}

/** The refusal for an error of body-parser; errors without a 4xx status are faults. */
function parseRefusal(error: unknown): Refusal {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (status === 413) return refusal('body_too_large')
  if (status === 415) return refusal('unsupported_media_type')
  if (typeof status === 'number' && status >= 400 && status < 500)
    return refusal('malformed_request')
  throw error
}
