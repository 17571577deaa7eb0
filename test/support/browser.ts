/** A client with a cookie jar, over real sockets; it follows no redirects. */

/** An answer, its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; throws where it is none. */
  readonly json: Record<string, unknown>
}

export interface Ask {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array | ReadableStream
}

const asJson = { accept: 'application/json' }
const asPage = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** A second client that holds the same cookies from now on. */
  copy(): Browser {
    const other = new Browser(this.#url)
    for (const [name, value] of this.cookies) other.cookies.set(name, value)
    return other
  }

  async ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(cookie === '' ? {} : { cookie }) },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) this.cookies.set(name, value)
    }
    const text = await answer.text()
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      get json() {
        return JSON.parse(text) as Record<string, unknown>
      },
    }
  }

  /** GET, asking for JSON. */
  get(path: string): Promise<Answer> {
    return this.ask(path, { headers: asJson })
  }

  /** POST of JSON. */
  post(path: string, body: unknown = {}): Promise<Answer> {
    const headers = { ...asJson, 'content-type': 'application/json' }
    return this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  delete(path: string): Promise<Answer> {
    return this.ask(path, { method: 'DELETE', headers: asJson })
  }

  /** GET, as a person's navigation. */
  page(path: string): Promise<Answer> {
    return this.ask(path, { headers: asPage })
  }

  /** POST of a form, as a person's browser sends it. */
  submit(path: string, fields: Record<string, string> = {}): Promise<Answer> {
    const headers = { ...asPage, 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(fields).toString()
    return this.ask(path, { method: 'POST', headers, body })
  }
}
