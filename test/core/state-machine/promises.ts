/**
 * The promises that no step may break, held against the row, the answers and the events. By `assert`,
 * because so many steps are taken that `expect` would be most of their cost.
 */

import assert from 'node:assert/strict'

import { maxGrants } from '../../../src/core/grant.js'
import { noLock, type SubjectState } from '../../../src/core/state.js'
import { cameroon, india } from '../build.js'
import { passable, rowOf, type World } from './world.js'

/** What a step may do that others must not. */
export type Leave = 'may pass' | 'forgives all' | 'may take a message back' | 'nothing special'

/** Does one thing, and holds what became of the row against the model and the promises. */
export async function step(
  world: World,
  deed: () => Promise<void>,
  leave: Leave = 'nothing special',
): Promise<void> {
  const before = await rowOf(world)
  world.events.length = 0
  world.answers.length = 0
  await deed()
  const row = await rowOf(world)
  const passed = world.events.some(({ type }) => type === 'passed')
  assert(!passed || leave === 'may pass', 'nothing but the code that runs passes')
  holdNoSecret(world)
  if (row === null) return
  holdModel(world, row)
  holdBudgets(world, row)
  if (before === null) return
  assert(row === before || row.version > before.version, 'the version rises with each write')
  if (passed || leave === 'forgives all') {
    assert.deepEqual([row.failures, row.lock], [0, noLock], 'a success or a reset forgives all')
    return
  }
  assert(row.failures >= before.failures, 'failures fall by a success or a reset alone')
  assert(lockEndsAt(row) >= lockEndsAt(before), 'a lock is never shortened')
  if (leave !== 'may take a message back') holdLadder(world, before, row)
}

/** Neither what is told to the caller nor what is told to the sink holds a code or a number. */
function holdNoSecret({ events, answers, codes }: World): void {
  const told = JSON.stringify([events, answers])
  for (const number of [cameroon, india]) {
    assert(!told.includes(number.slice(1)), 'no number is told whole')
  }
  for (const digits of told.match(/\d{8,}/g) ?? []) {
    assert(![...codes.values()].includes(digits), 'no code is told')
  }
}

function holdModel({ model }: World, row: SubjectState): void {
  const { challenge, sends } = row
  const { live, messages } = model
  const told = {
    failures: row.failures,
    lockedUntil: lockEndsAt(row),
    live: challenge && [challenge.id, challenge.attempts, challenge.sends, challenge.expiresAt],
    waitUntil: sends.nextAt ?? -Infinity,
    quietAt: sends.resetAt ?? Infinity,
    dayBegan: sends.windowStartedAt ?? -Infinity,
    today: sends.windowCount,
    grants: row.grants.map(({ id, expiresAt }) => ({ id, expiresAt })),
  }
  assert.deepEqual(told, {
    failures: model.failures,
    lockedUntil: model.lockedUntil,
    live: live && [live.id, live.judged, live.messages, live.expiresAt],
    waitUntil: messages.waitUntil,
    quietAt: messages.quietAt,
    dayBegan: messages.dayBegan,
    today: messages.today,
    grants: model.grants,
  })
}

function holdBudgets(world: World, row: SubjectState): void {
  const { policy } = world.context
  for (const judged of world.judged.values()) {
    assert(judged <= policy.maxAttempts, 'no more codes are judged than a challenge has attempts')
  }
  assert(row.sends.windowCount <= policy.sendsPerDay, 'no more messages go out than a day has')
  assert(row.grants.length <= maxGrants, 'no more grants are kept than there may be')
  const living = passable(world, row)
  assert(living.length <= 1, 'one code at most would pass')
  assert(!living.some((id) => world.over.has(id)), 'no code passes that was used or replaced')
}

/** The ladder falls after quiet alone, or where it is told to start again; a wait never falls. */
function holdLadder({ context, now }: World, before: SubjectState, row: SubjectState): void {
  const { sends } = row
  assert((sends.nextAt ?? 0) >= (before.sends.nextAt ?? 0), 'a wait is never shortened')
  const wasQuiet = before.sends.resetAt !== null && now >= before.sends.resetAt
  const wraps = context.policy.resendLadderEnd === 'start-again'
  assert(wasQuiet || wraps || sends.rung >= before.sends.rung, 'the ladder never goes back early')
}

function lockEndsAt({ lock }: SubjectState): number {
  return lock.tier === 'disabled' ? Infinity : (lock.until ?? -Infinity)
}
