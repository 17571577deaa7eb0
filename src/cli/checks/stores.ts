/** Whether the store and the counts answer, and whether their tables are there. */

import type { CommandLineConfig } from '../config.js'
import { finding, type Finding } from './finding.js'

/** Checks by reading only. */
export async function checkStores({
  secondFactor,
  store,
  migrations,
}: CommandLineConfig): Promise<readonly Finding[]> {
  const { checks } = await secondFactor.health({ timeoutSeconds: 5 })
  const answers = Object.entries(checks)
    // This process has sent nothing.
    .filter(([name]) => name !== 'sender')
    .map(([name, { ok, milliseconds }]) =>
      ok
        ? finding('ok', name, `answers in ${milliseconds ?? 0} ms`)
        : finding(
            'fail',
            name,
            'does not answer: look at its address, its credentials and its table',
          ),
    )
  return [...answers, ...forgetful(store), ...(await pending(migrations))]
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
