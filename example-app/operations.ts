/** What operators have: their pages at `/ops`, and metrics at `/metrics` for a Prometheus on this machine. */

import { isIPv4 } from 'node:net'

import type { Express, Request, RequestHandler } from 'express'
import type { EventSink, SecondFactor } from 'passport-second-factor'
import { prometheusEvents } from 'passport-second-factor/prometheus'
import * as client from 'prom-client'

import type { AppUser, Users } from './users.js'

/** Who works at the help desk. An application of your own has a role for it. */
const operators: ReadonlySet<string> = new Set(['olga'])

/** Counts events for `/metrics`. */
export const metrics: EventSink = prometheusEvents({ client })

/** Mounts both. */
export function mountOperations(
  app: Express,
  secondFactor: SecondFactor<AppUser>,
  users: Pick<Users, 'findById'>,
): void {
  app.use(
    '/ops',
    secondFactor.operationsRouter({
      authorize: ({ user }) => user !== undefined && operators.has(user.username),
      actor: ({ user }) => user?.username ?? '',
      findUser: (id) => (/^\d{1,9}$/.test(id) ? users.findById(Number(id)) : null),
    }),
  )
  app.get('/metrics', onlyThisMachine, async (_req, res) => {
    res.type(client.register.contentType).send(await client.register.metrics())
  })
}

/** There are no metrics for anybody else: they tell how many people log in. */
const onlyThisMachine: RequestHandler = (req, _res, next) => {
  next(isFromThisMachine(req) ? undefined : 'route')
}

/** A proxy on this machine passes requests of others on, and says so in a header. */
function isFromThisMachine({ socket, headers }: Request): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  const isLoopback = address === '::1' || (isIPv4(address) && address.startsWith('127.'))
  const passedOn = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']
  return isLoopback && passedOn.every((name) => headers[name] === undefined)
}
