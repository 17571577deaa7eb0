/** Checks the Redis of rows or counts: its eviction policy, its persistence, its role and its clock. */

import type { CommandLineConfig } from '../config.js'
import { textOf } from './answers.js'
import { clockFinding } from './clock.js'
import { finding, type Finding } from './finding.js'

/** Checks a connection. Reads only. */
export async function checkRedis(redis: CommandLineConfig['redis']): Promise<readonly Finding[]> {
  if (redis === undefined) return []
  try {
    const info = async (section: string) => textOf(await redis(['INFO', section]))
    const memory = await info('memory')
    const persistence = await info('persistence')
    const replication = await info('replication')
    const began = Date.now()
    const [seconds = '', microseconds = ''] = textOf(await redis(['TIME'])).split('\n')
    const now = Number(seconds) * 1_000 + Number(microseconds) / 1_000
    return [
      evictionFinding(/^maxmemory_policy:(\S+)/m.exec(memory)?.[1]),
      /^aof_enabled:1/m.test(persistence)
        ? finding('ok', 'redis', 'appendonly is on')
        : finding(
            'warn',
            'redis',
            'appendonly is off: a crash loses locks and failures; set it to yes',
          ),
      /^role:slave/m.test(replication)
        ? finding('fail', 'redis', 'this is a replica: connect to the primary')
        : finding('ok', 'redis', 'this is the primary'),
      clockFinding('redis', now, began, Date.now()),
    ]
  } catch {
    return [
      finding(
        'fail',
        'redis',
        'cannot be queried: check its address, its user and its permissions',
      ),
    ]
  }
}

function evictionFinding(policy: string | undefined): Finding {
  if (policy === 'noeviction') return finding('ok', 'redis', 'maxmemory-policy is noeviction')
  if (policy === undefined) return finding('warn', 'redis', 'does not report its maxmemory-policy')
  return finding(
    'fail',
    'redis',
    `maxmemory-policy is ${policy}: locks may be evicted before they end; set it to noeviction`,
  )
}
