/** Checks that the store, the counts and the audit log respond, and that their tables exist. */

import type { CommandLineConfig } from '../config.js'
import { ourCodeOf } from '../errors.js'
import { finding, type Finding } from './finding.js'

/** The id of the row to read. It does not matter if there is one. */
const probe = 'doctor'

/** Reads from each, and writes nothing. */
export async function checkStores(config: CommandLineConfig): Promise<readonly Finding[]> {
  const { secondFactor, store, counts, audit, migrations } = config
  const { checks } = await secondFactor.health({ timeoutSeconds: 5 })
  // Our own errors name the remedy; `health` only reports that something is wrong.
  const reads: Readonly<Record<string, (() => Promise<unknown>) | undefined>> = {
    store:
      store &&
      (async () => {
        await store.read(probe)
        await store.secretsInUse?.(new Date())
      }),
    // '~~' is the counter of all messages.
    counts: counts && (() => counts.series(['~~'], 0)),
    audit: audit && (() => audit.read({ subject: probe, limit: 1, before: null })),
  }
  const answers = await Promise.all(
    Object.entries(checks)
      // The sender's health is about messages of this process, which has sent none.
      .filter(([name]) => name !== 'sender')
      .map(async ([name, { ok, milliseconds }]) => {
        if (!ok)
          return finding('fail', name, `cannot be read: ${(await faultOf(reads[name])) ?? remedy}`)
        const fault = await faultOf(reads[name])
        return fault === null
          ? finding('ok', name, `responds in ${milliseconds ?? 0} ms`)
          : finding('fail', name, fault)
      }),
  )
  return [...answers, ...forgetful(store), ...(await pending(migrations))]
}

const remedy = 'check its address, its credentials and its table'

/** Returns the fault of a part, only in this package's words; `null` if it can be read. */
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
    'may lose rows: give users.hasFactors and users.setHasFactors if people enrol factors'
  return [finding('warn', 'store', text)]
}

async function pending(migrations: CommandLineConfig['migrations']): Promise<readonly Finding[]> {
  if (migrations === undefined) return []
  try {
    const names = (await migrations.pending()).map(({ name }) => name)
    if (names.length === 0) return [finding('ok', 'migrations', 'none is pending')]
    return [finding('fail', 'migrations', `pending: ${names.join(', ')}; run migrate`)]
  } catch {
    return [finding('fail', 'migrations', 'cannot be listed: check the database')]
  }
}
