/** A proxy between an application and a server that can delay, drop or cut off traffic. */

import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface TcpProxy {
  /** The server's URL, through the proxy. */
  readonly url: string
  /** Lets nothing through any more, and breaks no connection off: a server that hangs. */
  pause(): void
  resume(): void
  /** Forgets the connections there are, and tells neither side: a server whose place another one took. */
  lose(): void
  /** Breaks every connection off, and refuses new ones until `listen`. */
  cut(): Promise<void>
  listen(): Promise<void>
  close(): Promise<void>
}

/** Starts a proxy in front of the server of this URL. */
export async function startTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const target = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const pairs: [client: Socket, upstream: Socket][] = []
  let paused = false
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    pairs.push([client, upstream])
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => to.write(chunk))
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      if (paused) from.pause()
    }
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const url = new URL(serverUrl)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return {
    url: url.href,
    pause() {
      paused = true
      for (const socket of sockets) socket.pause()
    },
    lose() {
      for (const [client, upstream] of pairs) {
        client.removeAllListeners('data').resume()
        upstream.removeAllListeners('close').destroy()
        sockets.delete(upstream)
      }
      pairs.length = 0
    },
    resume() {
      paused = false
      for (const socket of sockets) socket.resume()
    },
    cut,
    listen: () => listen(port),
    close: cut,
  }
}
