/** Whether people can pass here: asks the store, the audit log, and the factors how what they depend on stands. */

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { Factor } from '../ports/factor.js'
import type { Health, HealthCheck } from '../ports/health.js'
import type { FlowContext } from './context.js'
import { withDeadline } from './deadline.js'

/** How long health may take. */
export interface HealthOptions {
  /**
   * Seconds after which whatever has not answered counts as failed, at most 60.
   *
   * @default 2
   */
  readonly timeoutSeconds?: number | undefined
}

/** A user that nobody is: reading the row of one is what everything here begins with. */
const probe = 'health'

/** Checks everything at once. Never rejects for a fault: that is what it reports. */
export async function health(flow: FlowContext, options: HealthOptions = {}): Promise<Health> {
  const seconds = timeoutOf(options)
  const { audit } = flow
  const [store, ...parts] = await Promise.all([
    answerCheck(flow, seconds, () => flow.store.read(probe)),
    audit === undefined
      ? {}
      : answerCheck(flow, seconds, () => audit.check()).then((check) => ({ audit: check })),
    ...flow.factors.map((factor) => factorChecks(factor, seconds)),
  ])
  const checks = { ...Object.assign({}, ...parts), store } as Health['checks']
  if (!store.ok) return { status: 'down', checks }
  const isWhole = Object.values(checks).every(({ ok }) => ok)
  return { status: isWhole ? 'ok' : 'degraded', checks }
}

/** Checks that `timeoutSeconds` is one. @throws ConfigurationError where it is not. */
export function timeoutOf(options: HealthOptions): number {
  assertKnownOptions('health', options, { timeoutSeconds: true })
  const { timeoutSeconds = 2 } = options
  if (typeof timeoutSeconds === 'number' && timeoutSeconds > 0 && timeoutSeconds <= 60) {
    return timeoutSeconds
  }
  throw new ConfigurationError(
    'health: timeoutSeconds must be a number of seconds above 0, at most 60',
    'health.timeoutSeconds',
  )
}

async function answerCheck(
  { clock }: FlowContext,
  seconds: number,
  ask: () => Promise<unknown>,
): Promise<HealthCheck> {
  const began = clock()
  try {
    await withDeadline(ask(), seconds, late)
    return { ok: true, milliseconds: clock() - began }
  } catch {
    return { ok: false, milliseconds: clock() - began }
  }
}

async function factorChecks(
  factor: Pick<Factor<never>, 'kind' | 'health'>,
  seconds: number,
): Promise<Readonly<Record<string, HealthCheck>>> {
  try {
    const checks = Object.entries(factor.health?.() ?? {}).map(
      async ([name, check]) => [name, await inTime(check, seconds)] as const,
    )
    return Object.fromEntries(await Promise.all(checks))
  } catch {
    return { [factor.kind]: { ok: false } }
  }
}

/** A check that fails or hangs loses only itself. */
async function inTime(
  check: HealthCheck | Promise<HealthCheck>,
  seconds: number,
): Promise<HealthCheck> {
  try {
    return await withDeadline(check, seconds, late)
  } catch {
    return { ok: false }
  }
}

function late(): Error {
  return new Error('late')
}
