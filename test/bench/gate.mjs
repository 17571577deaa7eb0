/** The cost that the gate adds to a request: a route behind it against the same route without it. */

import { join } from 'node:path'

import { startServer } from './load.mjs'
import { each, inLanes, medians, perSecond, ratio } from './measure.mjs'
import { scratch, userAt } from './second-factor.mjs'

const requests = 2_000
const atOnce = 8

export async function* gate() {
  const { folder, remove } = scratch()
  try {
    for (const sessions of ['memory', 'database']) yield* gated(folder, sessions)
  } finally {
    remove()
  }
}

async function* gated(folder, sessions) {
  const server = await startServer('flows', join(folder, `gate-${sessions}.sqlite`), sessions)
  const caching = await startServer('cached', join(folder, `cached-${sessions}.sqlite`), sessions)
  try {
    const pass = await server.pass(userAt(0))
    const cachedPass = await caching.pass(userAt(0))
    const load = (at, path, { cookie }) => ({
      run: () => inLanes(requests, atOnce, () => at.get(path, cookie)),
    })
    const { open, gated, openToo, cached } = await medians(
      {
        open: load(server, '/open', pass),
        gated: load(server, '/account', pass),
        // Of the same process: V8 compiles each for what it has served.
        openToo: load(caching, '/open', cachedPass),
        cached: load(caching, '/account', cachedPass),
      },
      9,
    )
    const where = `sessions in ${sessions}:`
    yield `${where} requests to an ungated route ${perSecond(requests, open)}, gated ${perSecond(requests, gated)}, gated with grantCacheSeconds 5 ${perSecond(requests, cached)}`
    yield `${where} the gate costs a request ${each(requests, gated - open)}, with grantCacheSeconds 5 ${each(requests, cached - openToo)}`
    yield `${where} time of a gated request against an ungated one ${ratio(gated / open)}, with grantCacheSeconds 5 ${ratio(cached / openToo)}`
  } finally {
    await Promise.all([server.stop(), caching.stop()])
  }
}
