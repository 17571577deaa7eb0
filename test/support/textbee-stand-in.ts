/** A local stand-in for TextBee's API: it validates requests like the real one, and misbehaves on demand. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const standInKey = '3f0c6a1e-1d2b-4c55-9a77-5f1f0e6f9f10'
export const standInDevice = '65f1c0ffee65f1c0ffee65f1'
export const standInBatch = '66aa00000000000000000001'

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/** Answers a request that passed the checks, or does something worse. */
export type Behaviour = (response: ServerResponse, request: SeenRequest) => void

export interface TextbeeStandIn {
  readonly baseUrl: string
  readonly requests: readonly SeenRequest[]
  /** The response to valid requests from now on. */
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

/** Starts one on a free port. It accepts like the hosted service, its queue switched on. */
export async function startTextbee(): Promise<TextbeeStandIn> {
  const requests: SeenRequest[] = []
  let behaviour = acceptQueued
  const server = createServer((request, response) => {
    void readText(request).then((text) => {
      const seen = seenRequest(request, text)
      requests.push(seen)
      const refusal = refusalOf(seen)
      if (refusal === null) behaviour(response, seen)
      else refusal(response, seen)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    requests,
    behave(next) {
      behaviour = next
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Answers with JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}) {
  return raw(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
}

/** Answers with any text. */
export function raw(status: number, body: string, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, headers).end(body)
  }
}

/** The hosted service: taken into the queue. */
export const acceptQueued = json(201, {
  data: {
    success: true,
    message: 'SMS added to queue for processing',
    smsBatchId: standInBatch,
    recipientCount: 1,
  },
})

/** A server of one's own without a queue: Firebase's count. */
export const acceptPushed = json(201, {
  data: { successCount: 1, failureCount: 0, responses: [{ success: true, messageId: 'm' }] },
})

/** Never answers. */
export const hang: Behaviour = () => undefined

/** Breaks the connection off before any answer. */
export const reset: Behaviour = (response) => {
  response.socket?.resetAndDestroy()
}

/** Breaks the connection off within the answer's body. */
export function breakOff(status: number): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': '500' })
    response.write('{"data":{"success":true', () => response.socket?.resetAndDestroy())
  }
}

/** Starts to answer, and goes on byte by byte without an end. */
export function drip(status: number): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 5)
    response.on('close', () => {
      clearInterval(timer)
    })
  }
}

/** Answers as the real API does where the request is not as documented. */
function refusalOf({ method, path, headers, body }: SeenRequest): Behaviour | null {
  if (method === 'GET' && path === '/api/v1/gateway/devices') {
    return headers['x-api-key'] === standInKey ? null : json(401, { error: 'Unauthorized' })
  }
  const device = /^\/api\/v1\/gateway\/devices\/([^/?]+)\/send-sms$/.exec(path)?.[1]
  if (method !== 'POST' || device === undefined) {
    return json(404, { statusCode: 404, message: `Cannot ${method} ${path}` })
  }
  if (headers['x-api-key'] !== standInKey) return json(401, { error: 'Unauthorized' })
  if (!/^(?:[0-9a-f]{24}|.{12})$/.test(decodeURIComponent(device))) {
    return json(400, { error: 'Invalid device id' })
  }
  if (device !== standInDevice) return json(401, { error: 'Unauthorized' })
  if (!/^application\/json\b/.test(headers['content-type'] ?? '') || !isObject(body)) {
    return json(400, { statusCode: 400, message: 'Bad Request' })
  }
  const { message, recipients, simSubscriptionId, ...others } = body
  const valid =
    typeof message === 'string' &&
    message.trim() !== '' &&
    Array.isArray(recipients) &&
    recipients.length > 0 &&
    recipients.every((recipient) => typeof recipient === 'string') &&
    (simSubscriptionId === undefined || typeof simSubscriptionId === 'number') &&
    Object.keys(others).length === 0
  return valid ? null : json(400, { success: false, error: 'Invalid recipients' })
}

function seenRequest(request: IncomingMessage, text: string): SeenRequest {
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {
    // Kept as the text it is; the checks refuse it.
  }
  return { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
