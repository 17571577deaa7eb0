/**
 * The promises that no step may break, checked against the row, the responses and the events. It uses `assert` because
 * at this many steps `expect` would dominate the run time.
 */

import assert from 'node:assert/strict'

import { maxGrants } from '../../../src/core/grant.js'
import { noLock, type SubjectState } from '../../../src/core/state.js'
import { day, second } from '../../support/clock.js'
import { cameroon, india } from '../../support/phones.js'
import { phoneOf } from '../../support/rows.js'
import { passable, storedRow, type World } from './world.js'

/** Changes that one step may make and others must not. */
export type Leave = 'may pass' | 'forgives all' | 'may take a message back' | 'nothing special'

/** Does one thing, and holds what became of the row against the model and the promises. */
export async function step(
  world: World,
  deed: () => Promise<void>,
  leave: Leave = 'nothing special',
): Promise<void> {
  const before = await storedRow(world)
  world.events.length = 0
  world.answers.length = 0
  await deed()
  const row = await storedRow(world)
  const passed = world.answers.includes('passed')
  assert(!passed || leave === 'may pass', 'nothing but the code that runs passes')
  holdNoSecret(world)
  if (row === null) return
  holdModel(world, row)
  holdBudgets(world, row)
  holdRetention(world, row)
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

/** Neither answers nor events hold a code or a whole phone. */
function holdNoSecret({ events, answers, codes }: World): void {
  const shown = JSON.stringify([events, answers])
  for (const phone of [cameroon, india]) {
    assert(!shown.includes(phone.slice(1)), 'no phone is shown whole')
  }
  for (const digits of shown.match(/\d{8,}/g) ?? []) {
    assert(![...codes.values()].includes(digits), 'no code is shown')
  }
}

function holdModel({ model }: World, row: SubjectState): void {
  const { challenge, sends } = phoneOf(row)
  const { live, messages } = model
  const stored = {
    failures: row.failures,
    lockedUntil: lockEndsAt(row),
    live: challenge && [challenge.id, challenge.attempts, challenge.sends, challenge.expiresAt],
    waitUntil: sends.nextAt ?? -Infinity,
    quietAt: sends.resetAt ?? Infinity,
    dayBegan: sends.windowStartedAt ?? -Infinity,
    today: sends.windowCount,
    answered: sends.answeredCount,
    grants: row.grants.map(({ id, expiresAt }) => ({ id, expiresAt })),
    epoch: row.epoch,
  }
  assert.deepEqual(stored, {
    failures: model.failures,
    lockedUntil: model.lockedUntil,
    live: live && [live.id, live.judged, live.messages, live.expiresAt],
    waitUntil: messages.waitUntil,
    quietAt: messages.quietAt,
    dayBegan: messages.dayBegan,
    today: messages.today,
    answered: messages.answered,
    grants: model.grants,
    epoch: model.epoch,
  })
}

function holdBudgets(world: World, row: SubjectState): void {
  const { policy } = world.flow
  for (const judged of world.judged.values()) {
    assert(judged <= policy.maxAttempts, 'no more codes are judged than a challenge has attempts')
  }
  assert(
    phoneOf(row).sends.windowCount <= policy.sendsPerDay,
    'no more messages go out than a day has',
  )
  assert(
    phoneOf(row).sends.answeredCount <= policy.answeredSendsPerDay,
    'no more messages are given back than a day has',
  )
  assert(row.grants.length <= maxGrants, 'no more grants are kept than there may be')
  const living = passable(world, row)
  assert(living.length <= 1, 'one code at most would pass')
  assert(!living.some((id) => world.over.has(id)), 'no code passes that was used or replaced')
}

/** A row is kept as long as it limits anybody, and for ever only for failures. */
function holdRetention({ model }: World, { keepUntil }: SubjectState): void {
  const { failures, lockedUntil, live, messages, grants } = model
  const forever = failures > 0 || lockedUntil === Infinity
  assert.equal(keepUntil === null, forever, 'failures alone keep a row for ever')
  if (keepUntil === null) return
  const limits = [
    ...[lockedUntil, messages.waitUntil, messages.dayBegan + day],
    ...(messages.quietAt === Infinity ? [] : [messages.quietAt]),
    ...(live === null ? [] : [live.expiresAt]),
    ...grants.map(({ expiresAt }) => expiresAt),
  ]
  assert(keepUntil >= Math.max(...limits), 'a row is kept while it limits anybody')
}

/** The ladder falls after quiet alone, or where it is told to start again; a wait only where none can be so long. */
function holdLadder({ flow, now }: World, before: SubjectState, row: SubjectState): void {
  const { sends } = phoneOf(row)
  const { sends: earlier } = phoneOf(before)
  const longest = now + Math.max(...flow.policy.resendLadderSeconds) * second
  const earlierWait = earlier.nextAt ?? 0
  const least = earlierWait > longest + 30 * second ? longest : earlierWait
  assert((sends.nextAt ?? 0) >= least, 'a wait is never shortened')
  const wasQuiet = earlier.resetAt !== null && now >= earlier.resetAt
  const wraps = flow.policy.resendLadderEnd === 'start-again'
  assert(wasQuiet || wraps || sends.rung >= earlier.rung, 'the ladder never goes back early')
}

function lockEndsAt({ lock }: SubjectState): number {
  return lock.tier === 'disabled' ? Infinity : (lock.until ?? -Infinity)
}
