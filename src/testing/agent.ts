/** The clients that teams test with, by their shape: none of their packages is a dependency. */

/** A request of an agent that resolves to its response. */
export interface AgentRequest extends PromiseLike<AgentResponse> {
  set(name: string, value: string): AgentRequest
  send(body: object): AgentRequest
}

/** What an agent receives. */
export interface AgentResponse {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, unknown>>
}

/** `request.agent(app)` of supertest, and whatever is used as it is: chai-http, superagent. It keeps cookies. */
export interface RequestAgent {
  get(path: string): AgentRequest
  post(path: string): AgentRequest
}

/** A `fetch` that keeps cookies, such as that of `fetch-cookie`. Give `origin` with it. */
export type FetchAgent = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Record<string, string>
    readonly body?: string
    readonly redirect: 'manual'
  },
) => Promise<FetchResponse>

/** What `fetch` receives. */
export interface FetchResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** A page of Playwright; its own `request` shares the page's cookies. */
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

/** What Playwright's `request` receives. */
export interface PageResponse {
  status(): number
  headers(): Record<string, string>
  text(): Promise<string>
}

/** A client with cookies, in which somebody has logged in. */
export type Agent = RequestAgent | FetchAgent | PageAgent

/** Where the application is found. */
export interface AgentOptions {
  /**
   * Where the application mounts `router()`.
   *
   * @default '/second-factor'
   */
  readonly mount?: string | undefined
  /**
   * Scheme, host and port of the application, such as `http://127.0.0.1:3000`, which a `fetch` needs.
   *
   * @default that of the agent
   */
  readonly origin?: string | undefined
}
