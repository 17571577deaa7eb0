/** Whole flows, with and without HTTP, against two written by hand. */

import { join } from 'node:path'

import { baseline } from './baseline.mjs'
import { fewest } from './fewest.mjs'
import { startServer } from './load.mjs'
import { inLanes, medians, perSecond, ratio, tiny } from './measure.mjs'
import { openSqlite, headlessCalls, round, scratch, userAt } from './second-factor.mjs'

const atOnce = 8
const people = tiny ? 20 : 400
const flows = 200

export async function* http() {
  const { folder, remove } = scratch()
  try {
    yield* without(folder)
    yield* over(folder)
  } finally {
    remove()
  }
}

async function* without(folder) {
  const ours = await openSqlite(join(folder, 'flows.sqlite'))
  const byHand = await openSqlite(join(folder, 'baseline.sqlite'))
  const least = await fewest(join(folder, 'fewest.sqlite'))
  const rounds = (calls) => {
    const next = inTurn()
    return { run: () => inLanes(flows, atOnce, () => round(calls, next())) }
  }
  const seconds = await medians(
    {
      flows: rounds(headlessCalls(ours.store)),
      baseline: rounds(await baseline(byHand.sequelize)),
      fewest: rounds(least),
    },
    9,
  )
  for (const { close } of [ours, byHand, least]) await close()
  yield* told('without HTTP (start, wrong, right)', seconds)
}

async function* over(folder) {
  const kinds = ['flows', 'baseline', 'fewest']
  const servers = {}
  try {
    for (const kind of kinds) {
      servers[kind] = await startServer(kind, join(folder, `http-${kind}.sqlite`))
    }
    const load = (server) => {
      const next = inTurn()
      return { run: () => inLanes(flows, atOnce, () => server.flow(next())) }
    }
    const seconds = await medians(
      Object.fromEntries(kinds.map((kind) => [kind, load(servers[kind])])),
      9,
    )
    yield* told('over HTTP (login and start, wrong, right, gated GET)', seconds)
  } finally {
    for (const server of Object.values(servers)) await server.stop()
  }
}

function* told(what, seconds) {
  yield `${what}: flows ${perSecond(flows, seconds.flows)}, by hand on Sequelize's models ${perSecond(flows, seconds.baseline)}, by hand on the driver ${perSecond(flows, seconds.fewest)}`
  yield `${what}: flows against Sequelize's models ${ratio(seconds.baseline / seconds.flows)}, against the driver ${ratio(seconds.fewest / seconds.flows)}`
}

/** Everybody in turn, so that nobody comes back before the others have had theirs. */
function inTurn() {
  let index = 0
  return () => userAt((index += 1) % people)
}
