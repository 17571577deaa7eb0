/**
 * A round of a session over HTTP (start, verify and a gated page) against what a good engineer writes by hand in SQL.
 */

import { join } from 'node:path'

import { startServer } from './load.mjs'
import { inLanes, pairs, ratio, tiny } from './measure.mjs'
import { scratch, userAt } from './second-factor.mjs'
import { serverUrl } from './services.mjs'

const people = tiny ? 2 : 16
const roundsEach = tiny ? 1 : 25
const turns = 14

const rivals = {
  query: 'by hand, `sequelize.query`',
  prepared: 'by hand, prepared',
  baseline: 'by hand, models',
}

export async function* rounds() {
  const { folder, remove } = scratch()
  try {
    let files = 0
    const databases = { SQLite: () => join(folder, `${(files += 1)}.sqlite`) }
    const url = await serverUrl('PostgreSQL')
    if (url !== null) databases.PostgreSQL = () => url
    for (const [name, database] of Object.entries(databases)) {
      for (const sessions of ['memory', 'database']) {
        yield* against(`${name}, sessions in ${sessions}`, () => database(), sessions)
      }
    }
  } finally {
    remove()
  }
}

async function* against(where, database, sessions) {
  const ours = await loaded('flows', database(), sessions)
  try {
    for (const [kind, name] of Object.entries(rivals)) {
      const theirs = await loaded(kind, database(), sessions)
      try {
        const rate = await pairs(ours.seconds, theirs.seconds, turns)
        const cpu = theirs.cpuOfRound() / ours.cpuOfRound()
        yield `${where}: rounds against ${name} ${ratio(rate.ratio)} (${ratio(rate.low)} to ${ratio(rate.high)}), CPU of the server ${milliseconds(ours)} against ${milliseconds(theirs)} (${ratio(cpu)})`
      } finally {
        await theirs.server.stop()
      }
    }
  } finally {
    await ours.server.stop()
  }
}

/** A server, and what a turn of rounds takes it: each in a session whose password was accepted before. */
async function loaded(kind, database, sessions) {
  const server = await startServer(kind, database, sessions)
  let [cpu, done] = [0, 0]
  return {
    server,
    cpuOfRound: () => cpu / done,
    async seconds() {
      const cookies = []
      await inLanes(people * roundsEach, people, async (index) => {
        cookies[index] = await server.password(userAt(index % people))
      })
      const cpuBefore = await server.cpuSeconds()
      const started = performance.now()
      await inLanes(people, people, async (person) => {
        for (let index = person; index < cookies.length; index += people) {
          await server.round(userAt(person), cookies[index])
        }
      })
      const taken = (performance.now() - started) / 1000
      cpu += (await server.cpuSeconds()) - cpuBefore
      done += cookies.length
      return taken
    },
  }
}

function milliseconds({ cpuOfRound }) {
  return `${(cpuOfRound() * 1000).toFixed(2)} ms`
}
