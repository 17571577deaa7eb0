/** Finds a free local port. */

import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** A port that is free, and so is the one 10,000 above, which the nodes of a Redis Cluster talk over. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await tryPort(0)
    if (port === null || port > 55_535) continue
    if ((await tryPort(port + 10_000)) !== null) return port
  }
}

/** Listens on a port for a moment; `null` where it is taken. */
async function tryPort(port: number): Promise<number | null> {
  const probe = createServer()
  try {
    probe.listen(port, '127.0.0.1')
    await once(probe, 'listening')
    return (probe.address() as AddressInfo).port
  } catch {
    return null
  } finally {
    probe.close()
  }
}
