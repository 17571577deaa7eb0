/** A server in a separate process, and a client with keep-alive connections. */

import { fork } from 'node:child_process'
import http from 'node:http'
import { fileURLToPath } from 'node:url'

import { expect, wrongFor } from './second-factor.mjs'

const serverFile = fileURLToPath(new URL('http-server.mjs', import.meta.url))

/** Starts an application of this kind on an SQLite file, or on a server's URL; see `http-server.mjs`. */
export async function startServer(kind, database, sessions = 'memory') {
  const child = fork(serverFile, [kind, database, sessions])
  const { port } = await heardFrom(child)
  const waiting = new Map()
  child.on('message', ({ to, code }) => waiting.get(to)?.(code))
  const agent = new http.Agent({ keepAlive: true })
  const send = (method, path, cookie, body) => request({ agent, port, method, path }, cookie, body)

  /** A login that is half through: its session, and the code that was sent. */
  const login = async (user) => {
    const sent = new Promise((resolve) => waiting.set(user.phone, resolve))
    const credentials = { username: user.id, password: 'password' }
    const { cookie, body } = await send('POST', '/login', undefined, credentials)
    if (!body.includes('"pending"')) throw new Error(`/login answered ${body}`)
    return { cookie, code: await sent }
  }
  const get = async (path, cookie) => {
    const { status } = await send('GET', path, cookie)
    expect(200, status)
  }
  const verify = async (cookie, code, expected) => {
    const answer = await send('POST', '/second-factor/verify', cookie, { code })
    expect(expected, answer.status)
    return answer.cookie
  }
  return {
    get,
    /** Logs in and passes. */
    async pass(user) {
      const { cookie, code } = await login(user)
      return { cookie: await verify(cookie, code, 200) }
    },
    /** A login, a wrong guess, a right one, and a page behind the gate. */
    async flow(user) {
      const { cookie, code } = await login(user)
      await verify(cookie, wrongFor(code), 403)
      await get('/account', await verify(cookie, code, 200))
    },
    /** A session whose password was accepted, and no more. */
    async password(user) {
      const credentials = { username: user.id, password: 'password' }
      return (await send('POST', '/password', undefined, credentials)).cookie
    },
    /** A code is sent, the right one is typed, and a page behind the gate. */
    async round(user, cookie) {
      const sent = new Promise((resolve) => waiting.set(user.phone, resolve))
      const started = await send('POST', '/second-factor/challenge', cookie, {})
      if (started.status !== 201) throw new Error(`/challenge answered ${started.body}`)
      const passed = await verify(cookie, await sent, 200)
      await get('/account', passed)
    },
    /** Seconds of CPU that the server has used. */
    async cpuSeconds() {
      const answer = new Promise((resolve) => {
        const hear = (message) => {
          if (message.cpuSeconds === undefined) return
          child.off('message', hear)
          resolve(message.cpuSeconds)
        }
        child.on('message', hear)
      })
      child.send('cpu')
      return answer
    },
    async stop() {
      agent.destroy()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await gone
    },
  }
}

function heardFrom(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
}

function request({ agent, port, method, path }, cookie, body) {
  const sent = body === undefined ? '' : JSON.stringify(body)
  const headers = {
    accept: 'application/json',
    ...(cookie === undefined ? {} : { cookie }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
  }
  return new Promise((resolve, reject) => {
    const asked = http.request(
      { agent, host: '127.0.0.1', port, method, path, headers },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part) => (text += part))
        answer.once('end', () => {
          const [set] = answer.headers['set-cookie'] ?? []
          const kept = set?.split(';')[0] ?? cookie
          resolve({ status: answer.statusCode, cookie: kept, body: text })
        })
      },
    )
    asked.once('error', reject)
    asked.end(sent)
  })
}
