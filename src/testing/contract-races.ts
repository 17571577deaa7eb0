/** The contract's cases about limits: the real flows on the store, many at once, judged by what was let through. */

import assert from 'node:assert/strict'

import { after, type Challenge } from '../core/state.js'
import {
  bareState,
  baseAt,
  contractFlows,
  freshSubject,
  inParallel,
  tally,
  wrongCode,
  type ContractCase,
  type ContractFlows,
} from './contract-fixtures.js'

export const raceCases: readonly ContractCase[] = [
  {
    title: '200 guesses at once judge exactly the budget',
    async run(store) {
      const flows = contractFlows(store)
      const subject = freshSubject('guesses')
      const right = await startedCode(flows, subject)
      const { maxAttempts } = flows.context.policy
      const answers = await inParallel(200, () => flows.guess(subject, wrongCode(right)))
      assert.deepEqual(tally(answers), {
        code_incorrect: maxAttempts,
        attempts_exhausted: 200 - maxAttempts,
      })
      const state = await store.read(subject)
      assert.equal(state?.challenge?.attempts, maxAttempts)
      assert.equal(state.failures, maxAttempts)
      assert.equal(await flows.guess(subject, right), 'attempts_exhausted')
    },
  },
  {
    title: '50 starts at once send exactly one message',
    async run(store) {
      const flows = contractFlows(store)
      const subject = freshSubject('starts')
      const answers = await inParallel(50, () => flows.start(subject))
      assert.equal(flows.sent.length, 1)
      const statuses = answers.map(({ answer }) =>
        answer.status === 'refused' ? answer.code : answer.status,
      )
      assert.deepEqual(tally(statuses), { pending: 1, cooldown: 49 })
      const ids = answers.flatMap(({ challengeId }) => challengeId ?? [])
      assert.deepEqual(ids, [(await store.read(subject))?.challenge?.id])
    },
  },
  {
    title: 'two right guesses at once give one grant',
    async run(store) {
      const flows = contractFlows(store)
      const subject = freshSubject('right twice')
      const right = await startedCode(flows, subject)
      const answers = await inParallel(2, () => flows.guess(subject, right))
      assert.deepEqual(tally(answers), { passed: 1, no_challenge: 1 })
      const state = await store.read(subject)
      assert.equal(state?.grants.length, 1)
      assert.equal(state.challenge, null)
    },
  },
  {
    title: 'of 100 guesses at once that reach the lock, none is judged behind it',
    async run(store) {
      const flows = contractFlows(store)
      const { lockAfterFailures, lockLadderSeconds } = flows.context.policy
      const subject = freshSubject('into the lock')
      const failures = lockAfterFailures - 1
      await store.compareAndSwap(subject, null, {
        ...bareState(subject, 1),
        failures,
        challenge: liveChallenge(flows),
      })
      const answers = await inParallel(100, () => flows.guess(subject, wrongTo(flows, subject)))
      assert.deepEqual(tally(answers), { code_incorrect: 1, locked_out: 99 })
      const state = await store.read(subject)
      assert.equal(state?.failures, lockAfterFailures)
      assert.deepEqual(state.lock, { tier: 1, until: after(baseAt, lockLadderSeconds[0] ?? 0) })
    },
  },
  {
    title: 'a lock refuses 100 guesses at its last millisecond, and its end gives one allowance',
    async run(store) {
      const flows = contractFlows(store)
      const { maxAttempts, lockAfterFailures } = flows.context.policy
      const subject = freshSubject('out of the lock')
      const until = baseAt + 1_000
      const locked = {
        ...bareState(subject, 1),
        failures: lockAfterFailures,
        lock: { tier: 1, until },
        challenge: liveChallenge(flows),
      }
      await store.compareAndSwap(subject, null, locked)
      const wrong = wrongTo(flows, subject)

      flows.setNow(until - 1)
      const before = await inParallel(100, () => flows.guess(subject, wrong))
      assert.deepEqual(tally(before), { locked_out: 100 })
      assert.deepEqual(await store.read(subject), locked)

      flows.setNow(until)
      const behind = await inParallel(100, () => flows.guess(subject, wrong))
      assert.deepEqual(tally(behind), {
        code_incorrect: maxAttempts,
        attempts_exhausted: 100 - maxAttempts,
      })
      assert.equal((await store.read(subject))?.failures, lockAfterFailures + maxAttempts)
    },
  },
]

/** Starts a challenge, and answers its code. */
async function startedCode(flows: ContractFlows, subject: string): Promise<string> {
  await flows.start(subject)
  const code = flows.sent.at(-1)
  assert.ok(code !== undefined, 'a first start sends a message')
  return code
}

/** A running challenge with its whole budget. */
function liveChallenge({ context, keys }: ContractFlows): Challenge {
  return {
    id: 'a challenge made by hand',
    keyId: keys.issuingKeyId,
    purpose: 'sign-in',
    method: 'sms',
    channel: 'sms',
    destination: '+237671234567',
    hostedRef: null,
    issuedAt: baseAt,
    expiresAt: after(baseAt, context.policy.codeLifetimeSeconds),
    attempts: 0,
    maxAttempts: context.policy.maxAttempts,
    sends: 1,
    receipt: null,
  }
}

/** A code that is wrong for the challenge made by hand. */
function wrongTo(flows: ContractFlows, subject: string): string {
  const { keys, context } = flows
  const right = keys.derive(subject, liveChallenge(flows), context.policy.digits)
  assert.ok(right !== null)
  return wrongCode(right)
}
