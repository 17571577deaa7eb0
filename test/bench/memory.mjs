/** The cost of ten thousand valid challenges: in this process and in the store. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { inLanes, tiny } from './measure.mjs'
import { headlessCalls, scratch, userAt } from './second-factor.mjs'
import { storedBytes, stores } from './services.mjs'

const challenges = tiny ? 200 : 10_000
const atOnce = 8

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

export async function* memory() {
  const { folder, remove } = scratch()
  try {
    for (const [name, open] of Object.entries(await stores(folder))) {
      const opened = await open()
      const calls = headlessCalls(opened.store)
      // The first challenges load and compile code that stays, however many follow.
      await inLanes(500, atOnce, (index) => calls.start(userAt(challenges + index)))
      const heapBefore = heap()
      const keptBefore = await storedBytes(name, opened)
      const cpuBefore = process.cpuUsage()
      await inLanes(challenges, atOnce, (index) => calls.start(userAt(index)))
      const { user, system } = process.cpuUsage(cpuBefore)
      const grown = heap() - heapBefore
      const stored = (await storedBytes(name, opened)) - keptBefore
      const where = name === 'memory' ? '' : `, ${megabytes(stored)} in the store`
      yield `${name}: ${megabytes(grown)} of heap${where}, ${((user + system) / 1e6).toFixed(2)} s of CPU in this process`
      await opened.close()
    }
  } finally {
    remove()
  }
}

function heap() {
  collect()
  return process.memoryUsage().heapUsed
}

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`
}
