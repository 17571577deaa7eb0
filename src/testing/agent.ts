/** Structural types of common test clients, because none of their packages is a dependency. */

/** A request of an agent that resolves to its response. */
export interface AgentRequest extends PromiseLike<AgentResponse> {
  set(name: string, value: string): AgentRequest
  send(body: object): AgentRequest
}

/** The response that an agent receives. */
export interface AgentResponse {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, unknown>>
}

/** supertest's `request.agent(app)`, or an agent with the same calls, such as chai-http's or superagent's. Keeps cookies. */
export interface RequestAgent {
  get(path: string): AgentRequest
  post(path: string): AgentRequest
}

/** A `fetch` that keeps cookies, such as that of `fetch-cookie`. It needs the option `origin`. */
export type FetchAgent = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Record<string, string>
    readonly body?: string
    readonly redirect: 'manual'
  },
) => Promise<FetchResponse>

/** The response that `fetch` receives. */
export interface FetchResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** A Playwright page. Its `request` shares the page's cookies. */
export interface PageAgent {
  url(): string
  goto(url: string): Promise<unknown>
  readonly request: {
    fetch(
      url: string,
      options: {
        readonly method: string
        readonly headers: Record<string, string>
        readonly data?: string
        readonly maxRedirects: number
      },
    ): Promise<PageResponse>
  }
}

/** The response that Playwright's `request` receives. */
export interface PageResponse {
  status(): number
  headers(): Record<string, string>
  text(): Promise<string>
}

/** A client with cookies, in which a user has logged in. */
export type Agent = RequestAgent | FetchAgent | PageAgent

/** The application's address. */
export interface AgentOptions {
  /**
   * The path at which the application mounts `router()`.
   *
   * @default '/second-factor'
   */
  readonly mount?: string | undefined
  /**
   * Scheme, host and port of the application, such as `http://127.0.0.1:3000`. Required with a `fetch`.
   *
   * @default the agent's own
   */
  readonly origin?: string | undefined
}
