/** Sends requests that no browser and no `fetch` would send: odd methods, request targets and missing headers. */

import { request, type IncomingHttpHeaders } from 'node:http'

export interface RawRequest {
  readonly method: string
  /** The request target as it stands on the request line. */
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export function rawRequest(url: string, { body, ...options }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
