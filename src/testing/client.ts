/** Makes requests to an application through any supported test agent. */

import { ConfigurationError } from '../core/errors.js'
import type {
  Agent,
  AgentOptions,
  AgentRequest,
  AgentResponse,
  FetchAgent,
  PageAgent,
  RequestAgent,
} from './agent.js'

/** The option names of every agent. */
export const agentOptionNames: Readonly<Record<keyof AgentOptions, true>> = {
  mount: true,
  origin: true,
}

/** A response, the same for every client. */
export interface Answer {
  readonly status: number
  /** The JSON body; empty if it is not JSON. */
  readonly body: Readonly<Record<string, unknown>>
  /** The target of a redirect. */
  readonly location: string | null
}

/** Requests JSON from the application, and follows no redirects. */
export interface Client {
  ask(method: string, path: string, body?: object): Promise<Answer>
  /** The path at which the router is mounted, without a trailing slash. */
  readonly mount: string
}

/**
 * Makes a client from any agent.
 *
 * @throws ConfigurationError if it is not an agent, or if `mount` cannot be a path.
 */
export function clientOf(agent: Agent, { mount = '/second-factor', origin }: AgentOptions): Client {
  if (typeof mount !== 'string' || !mount.startsWith('/')) {
    throw new ConfigurationError("mount must be a path, such as '/second-factor'", 'mount')
  }
  return { ask: askBy(agent, origin), mount: mount.replace(/\/+$/, '') }
}

const headersFor = (body: object | undefined): Record<string, string> => ({
  accept: 'application/json',
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
})

function askBy(agent: Agent, origin: string | undefined): Client['ask'] {
  const given: unknown = agent
  if (typeof given === 'function' && !('get' in given)) return askFetch(agent as FetchAgent, origin)
  if (isPage(given)) return askPage(given, origin)
  if (hasMethod(given, 'get') && hasMethod(given, 'post')) return askAgent(agent as RequestAgent)
  throw new ConfigurationError(
    "the agent is not known; give supertest's request.agent(app), a fetch with a cookie jar, or a Playwright page",
  )
}

/** True if the value is a Playwright page. */
export function isPage(agent: unknown): agent is PageAgent {
  return hasMethod(agent, 'goto') && 'request' in agent
}

function hasMethod(agent: unknown, name: string): agent is object {
  const isThing = typeof agent === 'function' || (typeof agent === 'object' && agent !== null)
  return isThing && isCall(Reflect.get(agent, name))
}

function isCall(value: unknown): value is RequestAgent['get'] {
  return typeof value === 'function'
}

function askAgent(agent: RequestAgent): Client['ask'] {
  return async (method, path, body) => {
    const call: unknown = Reflect.get(agent, method.toLowerCase())
    if (!isCall(call)) throw new ConfigurationError(`the agent cannot send ${method}`)
    const headers = Object.entries(headersFor(body))
    const asked = headers.reduce(
      (request, [header, value]) => request.set(header, value),
      call.call(agent, path),
    )
    const received = await responseOf(body === undefined ? asked : asked.send(body))
    const { location } = received.headers
    return {
      status: received.status,
      body: fieldsOf(received.body),
      location: typeof location === 'string' ? location : null,
    }
  }
}

/** superagent, unlike supertest, rejects for every response that is not a success. */
async function responseOf(request: AgentRequest): Promise<AgentResponse> {
  try {
    return await request
  } catch (error) {
    const { response } = error as { readonly response?: AgentResponse }
    if (response === undefined) throw error
    return response
  }
}

function askFetch(fetch: FetchAgent, origin: string | undefined): Client['ask'] {
  if (origin === undefined) {
    throw new ConfigurationError(
      "a fetch needs origin, the application's address, such as 'http://127.0.0.1:3000'",
      'origin',
    )
  }
  return async (method, path, body) => {
    const received = await fetch(new URL(path, origin).href, {
      method,
      headers: headersFor(body),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    })
    const { status, headers } = received
    return { status, body: parsed(await received.text()), location: headers.get('location') }
  }
}

function askPage(page: PageAgent, origin: string | undefined): Client['ask'] {
  return async (method, path, body) => {
    const received = await page.request.fetch(addressOn(page, path, origin), {
      method,
      headers: headersFor(body),
      ...(body === undefined ? {} : { data: JSON.stringify(body) }),
      maxRedirects: 0,
    })
    const { location = null } = received.headers()
    return { status: received.status(), body: parsed(await received.text()), location }
  }
}

/** Resolves a path against the given origin, else the page's. Without either, Playwright uses its `baseURL`. */
export function addressOn(page: PageAgent, path: string, origin = page.url()): string {
  return /^https?:/.test(origin) ? new URL(path, origin).href : path
}

function parsed(text: string): Answer['body'] {
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return {}
  }
}

function fieldsOf(body: unknown): Answer['body'] {
  return typeof body === 'object' && body !== null ? (body as Answer['body']) : {}
}
