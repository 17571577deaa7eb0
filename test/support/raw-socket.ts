/** Writes a request byte by byte, for targets that Node's own client would refuse to send. */

import { connect } from 'node:net'

/** The start of an answer. */
export interface RawHead {
  readonly status: number
  /** The header lines, names in lower case; of a header that comes twice, all values. */
  readonly headers: ReadonlyMap<string, readonly string[]>
}

/** Sends `METHOD target HTTP/1.1` with these header lines as they are, and reads the answer's head. */
export function sendLine(
  url: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawHead> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (piece: string) => {
      text += piece
      if (text.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      resolve(parseHead(text))
    })
    const all = { host: `${hostname}:${port}`, connection: 'close', ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
  })
}

function parseHead(text: string): RawHead {
  const [first = '', ...lines] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n')
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    const key = name.toLowerCase()
    headers.set(key, [...(headers.get(key) ?? []), value])
  }
  return { status: Number(first.split(' ')[1]), headers }
}
