/** Checks whether store, counts and audit log answer, and whether their tables are there. */

import type { CommandLineConfig } from '../config.js'
import { ourCodeOf } from '../errors.js'
import { finding, type Finding } from './finding.js'

/** Nobody has this id. */
const probe = 'doctor'

/** Checks by reading only. */
export async function checkStores(config: CommandLineConfig): Promise<readonly Finding[]> {
  const { secondFactor, store, counts, audit, migrations } = config
  const { checks } = await secondFactor.health({ timeoutSeconds: 5 })
  // An error of ours names the remedy, where health only says that something is wrong.
  const reads: Readonly<Record<string, (() => Promise<unknown>) | undefined>> = {
    store:
      store &&
      (async () => {
        await store.read(probe)
        await store.secretsInUse?.(new Date())
      }),
    counts: counts && (() => counts.series(['~~'], 0)),
    audit: audit && (() => audit.read({ subject: probe, limit: 1, before: null })),
  }
  const answers = await Promise.all(
    Object.entries(checks)
      // This process has sent nothing.
      .filter(([name]) => name !== 'sender')
      .map(async ([name, { ok, milliseconds }]) => {
        if (!ok)
          return finding('fail', name, `does not answer: ${(await faultOf(reads[name])) ?? remedy}`)
        const fault = await faultOf(reads[name])
        return fault === null
          ? finding('ok', name, `answers in ${milliseconds ?? 0} ms`)
          : finding('fail', name, fault)
      }),
  )
  return [...answers, ...forgetful(store), ...(await pending(migrations))]
}

const remedy = 'look at its address, its credentials and its table'

/** What is wrong with a part, in this package's words; `null` where it can be read. */
async function faultOf(read: (() => Promise<unknown>) | undefined): Promise<string | null> {
  try {
    const late = new Promise((_resolve, reject) => {
      setTimeout(reject, 5_000).unref()
    })
    await Promise.race([read?.(), late])
    return null
  } catch (error) {
    return error instanceof Error && ourCodeOf(error) !== null ? error.message : remedy
  }
}

function forgetful(store: CommandLineConfig['store']): readonly Finding[] {
  if (store?.mayForget !== true) return []
  const text =
    'may lose rows: give users.hasFactors and users.setHasFactors where people enrol factors'
  return [finding('warn', 'store', text)]
}

async function pending(migrations: CommandLineConfig['migrations']): Promise<readonly Finding[]> {
  if (migrations === undefined) return []
  try {
    const names = (await migrations.pending()).map(({ name }) => name)
    if (names.length === 0) return [finding('ok', 'migrations', 'none is pending')]
    return [finding('fail', 'migrations', `pending: ${names.join(', ')}; run migrate`)]
  } catch {
    return [finding('fail', 'migrations', 'cannot be listed: look at the database')]
  }
}
