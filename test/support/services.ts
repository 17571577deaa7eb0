/** The database servers that tests may use: at their usual local address, or as the environment sets. */

import { connect } from 'node:net'

const services = {
  PostgreSQL: ['TEST_POSTGRES_URL', 'postgres://postgres@127.0.0.1:5432/test', 5432],
  MariaDB: ['TEST_MARIADB_URL', 'mysql://root@127.0.0.1:3306/test', 3306],
  Redis: ['TEST_REDIS_URL', 'redis://127.0.0.1:6379', 6379],
} as const

export type ServiceName = keyof typeof services

/**
 * The service's URL; `null`, after one printed line, where nothing answers there.
 * With `REQUIRE_SERVICES=1` an absent service is an error instead.
 */
export async function serviceUrl(name: ServiceName): Promise<string | null> {
  const [variable, usual, usualPort] = services[name]
  const url = process.env[variable] ?? usual
  const { hostname, port } = new URL(url)
  if (await answers(hostname, port === '' ? usualPort : Number(port))) return url
  const absent = `${name} does not answer at ${hostname}:${port} (set ${variable} to try another)`
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(absent)
  console.warn(`skipped: ${absent}`)
  return null
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 })
    const settle = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('connect', () => {
      settle(true)
    })
    socket.once('error', () => {
      settle(false)
    })
    socket.once('timeout', () => {
      settle(false)
    })
  })
}
