/** A proxy that strips a prefix from the path, as nginx does for `proxy_pass http://app/`. */

import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StrippingProxy {
  /** Its own origin, without the prefix. */
  readonly url: string
  close(): Promise<void>
}

/** Starts it in front of `target`; what is not below the prefix is not found. */
export async function startStrippingProxy(target: string, prefix: string): Promise<StrippingProxy> {
  const { hostname, port } = new URL(target)
  const server: Server = createServer((req, res) => {
    const { url = '/', method, headers } = req
    if (url !== prefix && !url.startsWith(`${prefix}/`)) {
      res.writeHead(404).end('not below the prefix')
      return
    }
    const path = url.slice(prefix.length) || '/'
    const onward = request({ hostname, port, path, method, headers, agent: false }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    onward.on('error', () => res.destroy())
    req.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}
