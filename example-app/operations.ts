/** Tools for operators: pages at `/ops`, and metrics at `/metrics` for a Prometheus on this machine. */

import { isIPv4 } from 'node:net'

import type { Express, Request, RequestHandler } from 'express'
import type { EventSink, SecondFactor } from 'passport-second-factor'
import { prometheusEvents } from 'passport-second-factor/prometheus'
import * as client from 'prom-client'

import type { AppUser, Users } from './users.js'

/** The users who work at the help desk. Your own application has a role for them. */
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

/** Hides metrics from everybody else, because they show how many people log in. */
const onlyThisMachine: RequestHandler = (req, _res, next) => {
  next(isFromThisMachine(req) ? undefined : 'route')
}

/** True without a proxy's header: a proxy on this machine forwards requests from elsewhere. */
function isFromThisMachine({ socket, headers }: Request): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  const isLoopback = address === '::1' || (isIPv4(address) && address.startsWith('127.'))
  const passedOn = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']
  return isLoopback && passedOn.every((name) => headers[name] === undefined)
}
