/** Checks if people can pass: reads the store, and asks the audit log and each factor for their health. */

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { Factor } from '../ports/factor.js'
import type { Health, HealthCheck } from '../ports/health.js'
import type { FlowContext } from './context.js'
import { withDeadline } from './deadline.js'

/** The options of `health`. */
export interface HealthOptions {
  /**
   * Timeout of each check in seconds, at most 60. A check that times out has failed.
   *
   * @default 2
   */
  readonly timeoutSeconds?: number | undefined
}

/** The id of the row to read. It does not matter if it exists. */
const probe = 'health'

/** Runs all checks in parallel. Reports faults instead of rejecting. */
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

/** Validates and returns `timeoutSeconds`. @throws ConfigurationError if it is invalid. */
export function timeoutOf(options: HealthOptions): number {
  assertKnownOptions('health', options, { timeoutSeconds: true })
  const { timeoutSeconds = 2 } = options
  if (typeof timeoutSeconds === 'number' && timeoutSeconds > 0 && timeoutSeconds <= 60) {
    return timeoutSeconds
  }
  throw new ConfigurationError(
    'health: timeoutSeconds must be a number of seconds above 0 and at most 60',
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

/** Turns a check that fails or hangs into a failed one, without affecting the others. */
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
