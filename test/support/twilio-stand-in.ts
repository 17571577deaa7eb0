/**
 * A stand-in for Twilio on 127.0.0.1: it responds to the real SDK as Twilio's documentation says, stores what was
 * sent, and fails on demand. Point `baseUrl` at it.
 */

import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { notFound, twilioError, type StandInAnswer } from './twilio-stand-in-answers.js'
import { takeMessage, type StandInMessage } from './twilio-stand-in-messaging.js'
import {
  verifyService,
  type StandInVerification,
  type VerifyServiceOptions,
} from './twilio-stand-in-verify.js'

/** A fault of one request. With `accepted`, the request is carried out first: the message is on its way. */
export type StandInFault = { readonly accepted?: boolean } & (
  | {
      readonly kind: 'answer'
      readonly status: number
      /** A text goes out as it is, an object as JSON. */
      readonly body?: string | object
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Ends the connection with a reset, before any answer. */
  | { readonly kind: 'reset' }
  /** Promises an answer with this status, sends half of it, and ends the connection. */
  | { readonly kind: 'cut'; readonly status: number }
  /** Sends a byte now and then, for ever. */
  | { readonly kind: 'drip' }
)

export interface StandInRequest {
  readonly method: string
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
  /** Settles when the connection no longer waits for this request's answer. */
  readonly over: Promise<void>
}

export interface TwilioStandIn {
  readonly baseUrl: string
  /** Credentials of the account. */
  readonly account: { readonly accountSid: string; readonly authToken: string }
  /** Credentials of an API key of the account. */
  readonly key: {
    readonly accountSid: string
    readonly apiKey: string
    readonly apiKeySecret: string
  }
  readonly serviceSid: string
  /** Oldest first, like every list here. */
  readonly messages: readonly StandInMessage[]
  readonly verifications: readonly StandInVerification[]
  readonly requests: readonly StandInRequest[]
  /** Requests that Twilio's published description does not allow. Expect it to be empty. */
  readonly violations: readonly string[]
  /** The next requests go wrong like this, one after the other. */
  script(...faults: StandInFault[]): void
  close(): Promise<void>
}

export interface TwilioStandInOptions {
  /** Milliseconds since the epoch, for the lifetimes of verifications. Default: `Date.now`. */
  readonly clock?: () => number
  /** Digits of the codes that Verify makes. Default 6. */
  readonly codeLength?: number
  /** The Verify Service's rate limits: starts per value and interval. Default: none. */
  readonly rateLimits?: VerifyServiceOptions['rateLimits']
  /** The state of the account. Default: `active`. */
  readonly accountStatus?: string
}

export async function startTwilioStandIn(
  options: TwilioStandInOptions = {},
): Promise<TwilioStandIn> {
  const { clock = Date.now, codeLength = 6, rateLimits = {} } = options
  const { accountStatus = 'active' } = options
  const hex = () => randomBytes(16).toString('hex')
  const account = { accountSid: `AC${hex()}`, authToken: hex() }
  const key = { accountSid: account.accountSid, apiKey: `SK${hex()}`, apiKeySecret: hex() }
  const serviceSid = `VA${hex()}`
  const { accountSid } = account
  const messages: StandInMessage[] = []
  const violations: string[] = []
  const verify = verifyService(
    { accountSid, serviceSid, clock, codeLength, rateLimits },
    violations,
  )
  const requests: StandInRequest[] = []
  const faults: StandInFault[] = []

  const authorized = [
    basicAuth(account.accountSid, account.authToken),
    basicAuth(key.apiKey, key.apiKeySecret),
  ]

  function carryOut(request: IncomingMessage, form: string): StandInAnswer {
    const { pathname } = new URL(request.url ?? '/', 'http://stand-in')
    if (!authorized.includes(request.headers.authorization ?? '')) {
      return twilioError(401, 20003, 'Authenticate')
    }
    if (request.method === 'GET' && pathname === `/2010-04-01/Accounts/${accountSid}.json`) {
      return { status: 200, body: { sid: accountSid, status: accountStatus } }
    }
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded'
    if (request.method !== 'POST' || !isForm) {
      violations.push(`${request.method ?? ''} ${request.headers['content-type'] ?? ''}`)
      return twilioError(405, 20004, 'Method not allowed')
    }
    const parameters = new Map(new URLSearchParams(form))
    if (pathname === `/2010-04-01/Accounts/${accountSid}/Messages.json`) {
      return takeMessage(accountSid, messages, violations, parameters)
    }
    const [first, ref, ...rest] = pathname.replace(`/v2/Services/${serviceSid}/`, '').split('/')
    if (rest.length > 0) return notFound()
    if (first === 'Verifications') {
      return ref === undefined ? verify.start(parameters) : verify.update(ref, parameters)
    }
    return first === 'VerificationCheck' && ref === undefined
      ? verify.check(parameters)
      : notFound()
  }

  const server = createServer((request, response) => {
    let form = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (form += chunk))
    request.on('end', () => {
      requests.push({
        method: request.method ?? '',
        path: request.url ?? '',
        parameters: Object.fromEntries(new URLSearchParams(form)),
        over: new Promise((resolve) => response.once('close', resolve)),
      })
      const fault = faults.shift()
      if (fault === undefined) {
        answer(response, carryOut(request, form))
        return
      }
      const accepted = fault.accepted === true ? carryOut(request, form) : null
      goWrong(fault, response, accepted)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    key,
    serviceSid,
    messages,
    verifications: verify.verifications,
    requests,
    violations,
    script(...more) {
      faults.push(...more)
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function basicAuth(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function answer(response: ServerResponse, { status, body, headers }: StandInAnswer): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

function goWrong(
  fault: StandInFault,
  response: ServerResponse,
  accepted: StandInAnswer | null,
): void {
  const json = JSON.stringify(accepted?.body ?? { code: 20500, message: 'half an answer' })
  switch (fault.kind) {
    case 'hang':
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'cut':
      response.writeHead(fault.status, {
        'Content-Type': 'application/json',
        'Content-Length': json.length,
      })
      response.write(json.slice(0, json.length / 2), () => response.socket?.destroy())
      return
    case 'drip': {
      response.writeHead(201, { 'Content-Type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 20)
      response.once('close', () => {
        clearInterval(timer)
      })
      return
    }
    case 'answer': {
      const { status, body = '', headers } = fault
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      response.end(text)
    }
  }
}
