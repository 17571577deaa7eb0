/** Checks the order of the application's middleware, by a request to the router without a login. */

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { CommandLineConfig } from '../config.js'
import { finding, type Finding } from './finding.js'

/** The timeout of the request. */
const timeoutMilliseconds = 5_000

/** Requests the router's status from the application, on a free port on loopback. */
export async function checkMounting({
  app,
  session,
  options,
}: CommandLineConfig): Promise<readonly Finding[]> {
  if (typeof app !== 'function') return []
  const path = `${options?.mountPath ?? '/second-factor'}/`
  if (session === undefined || Reflect.get(session, 'saveUninitialized') !== false) {
    const text =
      'not checked: the request could save a session; give session, with saveUninitialized: false'
    return [finding('warn', 'mounting', text)]
  }
  const server = createServer(app as RequestListener)
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    })
    return [mountingFinding(path, answer.status, await answer.text())]
  } catch {
    return [finding('fail', 'mounting', `${path} does not respond within 5 s`)]
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function mountingFinding(path: string, status: number, body: string): Finding {
  if (status === 401 && body.includes('login_required')) {
    return finding('ok', 'mounting', `${path} asks for a login`)
  }
  if (status === 404) {
    const text = `${path} is not found: mount secondFactor.router() there, or set mountPath`
    return finding('fail', 'mounting', text)
  }
  if (status >= 500) {
    const text =
      `${path} fails with ${status}: mount express-session, passport.session() and secondFactor.session() before ` +
      'secondFactor.router()'
    return finding('fail', 'mounting', text)
  }
  const text = `${path} returns ${status} without a login: something mounted before secondFactor.router() responds instead`
  return finding('fail', 'mounting', text)
}
