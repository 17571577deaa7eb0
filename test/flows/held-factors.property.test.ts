/**
 * Drives an authenticator app, recovery codes and messages at once, through the flows and the memory store, by random
 * sequences of what people, attackers and clocks do. After each step the ledger, the grants and the used codes are
 * compared with an independent record that the test keeps.
 */

import assert from 'node:assert/strict'

import fc from 'fast-check'
import { test } from 'vitest'

import { isLocked } from '../../src/core/ledger.js'
import { phoneFactor } from '../../src/factors/phone/phone-factor.js'
import { startChallenge } from '../../src/factors/phone/start-challenge.js'
import { recoveryFactor } from '../../src/factors/recovery-codes/recovery-factor.js'
import { resolveRecoveryOptions } from '../../src/factors/recovery-codes/options.js'
import { newCode } from '../../src/factors/recovery-codes/rules/codes.js'
import { partOf } from '../../src/factors/recovery-codes/rules/part.js'
import { resolveTotpOptions } from '../../src/factors/totp/options.js'
import { totpFactor } from '../../src/factors/totp/totp-factor.js'
import { codeAt, stepAt } from '../../src/factors/totp/rules/codes.js'
import type { Factor } from '../../src/ports/factor.js'
import { openHeld, type HeldRig } from '../factors/held-rig.js'
import { codes, partWith as codesWith } from '../factors/recovery-codes/build.js'
import { appSecret, partWith as appWith } from '../factors/totp/build.js'
import { wrongCode } from '../support/codes.js'
import { day } from '../support/clock.js'
import { cameroon } from '../support/phones.js'

type Deed =
  | { do: 'app'; by: number }
  | { do: 'wrong app' | 'wrong recovery' | 'wrong message' | 'message' | 'send' }
  | { do: 'recovery'; nth: number }
  | { do: 'wait'; ms: number }
  | { do: 'wait for the lock' }

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  weigh(6, { do: fc.constant('app'), by: fc.integer({ min: -3, max: 3 }) }),
  weigh(9, { do: fc.constantFrom('wrong app', 'wrong recovery', 'wrong message') }),
  weigh(3, { do: fc.constantFrom('message', 'send') }),
  weigh(2, { do: fc.constant('recovery'), nth: fc.nat(9) }),
  weigh(6, { do: fc.constant('wait'), ms: fc.integer({ min: 1, max: 90_000 }) }),
  weigh(1, { do: fc.constant('wait'), ms: fc.integer({ min: -7_200_000, max: 2 * day }) }),
  weigh(2, { do: fc.constant('wait for the lock') }),
)

/** A user with all three factors, and the test's own account of them. */
interface World {
  readonly rig: HeldRig
  readonly app: Factor<never>
  readonly recovery: Factor<never>
  readonly phone: Factor<never>
  readonly send: () => Promise<void>
  readonly sent: string[]
  readonly steps: Set<number>
  readonly used: Set<number>
  failures: number
  passes: number
}

async function openWorld(): Promise<World> {
  const rig = openHeld()
  const sent: string[] = []
  const app = totpFactor<never>(resolveTotpOptions({}, rig.tools))
  const recovery = recoveryFactor<never>(resolveRecoveryOptions({}, rig.tools))
  const phone = phoneFactor<never>(
    {
      sender: {
        channel: 'sms',
        send({ code }) {
          sent.push(code.reveal())
          return Promise.resolve({ status: 'sent' })
        },
      },
      users: { id: () => 'user-1', phone: () => cameroon },
    },
    rig.tools,
  )
  rig.use(app, phone.factor, recovery)
  await rig.keep({ totp: appWith(), recovery: codesWith() })
  const send = async () => {
    await startChallenge(phone.context, {
      ...{ subject: 'user-1', purpose: 'sign-in', destination: cameroon },
      ...{ locale: null, sessionKey: null },
    })
  }
  return {
    ...{ rig, app, recovery, phone: phone.factor, send, sent },
    ...{ steps: new Set<number>(), used: new Set<number>(), failures: 0, passes: 0 },
  }
}

test('in any order of attempts, one ledger counts them and nothing passes twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { maxLength: 80, size: 'max' }), async (life) => {
      const world = await openWorld()
      for (const deed of life) await act(world, deed)
    }),
    { numRuns: 250 },
  )
}, 120_000)

async function act(world: World, deed: Deed): Promise<void> {
  const { rig } = world
  switch (deed.do) {
    case 'wait':
      rig.now += deed.ms
      return
    case 'wait for the lock':
      rig.now = Math.max(rig.now, (await rig.row()).lock.until ?? rig.now)
      return
    case 'send':
      return world.send()
    case 'app': {
      const step = stepAt(rig.now) + deed.by
      const isNear = Math.abs(deed.by) <= 1
      const isNewest = [...world.steps].every((each) => each < step)
      const answer = await type(world, world.app, codeAt(appSecret, step))
      if (answer === 'passed') {
        assert(isNear, 'no code passes outside the drift')
        assert(!world.steps.has(step), 'no step passes twice')
        world.steps.add(step)
      } else if (answer !== 'locked_out') {
        assert(!(isNear && isNewest), 'the newest step passes')
        assert.equal(answer, isNear ? 'code_used' : 'code_incorrect')
      }
      return
    }
    case 'recovery': {
      const answer = await type(world, world.recovery, codes[deed.nth] ?? '')
      // Nobody can guess it, so that neither a lock nor the hard stop is in its way.
      const isUsed = world.used.has(deed.nth)
      assert([isUsed ? 'code_used' : 'passed'].includes(answer), `${answer} of a recovery code`)
      world.used.add(deed.nth)
      return
    }
    case 'message': {
      const code = world.sent.at(-1)
      if (code !== undefined) await type(world, world.phone, code)
      return
    }
    case 'wrong app': {
      const near = [-1, 0, 1].map((by) => codeAt(appSecret, stepAt(rig.now) + by))
      let wrong = wrongCode(near[0] ?? '')
      while (near.includes(wrong)) wrong = wrongCode(wrong)
      const answer = await type(world, world.app, wrong)
      assert(['code_incorrect', 'locked_out'].includes(answer), `${answer} of a wrong code`)
      return
    }
    case 'wrong recovery': {
      const answer = await type(world, world.recovery, newCode())
      assert(['code_incorrect', 'locked_out'].includes(answer), `${answer} of no code`)
      return
    }
    case 'wrong message': {
      const answer = await type(world, world.phone, wrongCode(world.sent.at(-1) ?? '000000'))
      assert.notEqual(answer, 'passed')
    }
  }
}

/** Types a code, and holds what became of the row against the account. */
async function type(world: World, factor: Factor<never>, code: string): Promise<string> {
  const { rig } = world
  const before = await rig.row()
  const wasLocked = isLocked(before, rig.now)
  const answer = await rig.type(factor, code)
  const row = await rig.row()
  if (wasLocked && factor.isGuessable) assert.equal(answer, 'locked_out')
  if (answer === 'locked_out') assert(wasLocked, 'nobody is locked without a lock')
  if (answer === 'code_incorrect') {
    assert(!wasLocked, 'nothing is judged behind a lock')
    world.failures += 1
  }
  if (answer === 'passed') {
    world.failures = 0
    world.passes += 1
    assert.equal(row.grants.at(-1)?.method, factor.method)
    assert.equal(row.grants.length, Math.min(20, unexpired(before, rig.now) + 1))
    assert.deepEqual(row.lock, { tier: 0, until: null })
  } else {
    assert.deepEqual(row.grants, before.grants, 'nothing but a right code grants')
  }
  assert.equal(row.failures, world.failures, 'one ledger counts every factor')
  const isDue = answer === 'code_incorrect' && world.failures % 10 === 0
  assert.equal(isLocked(row, rig.now) && !wasLocked, isDue, 'a lock comes with every tenth failure')
  const bits = partOf(row).set?.used ?? -1
  const expected = [...world.used].reduce((sum, nth) => sum | (1 << nth), 0)
  const own = factor === world.recovery && answer === 'passed' ? 1 << codes.indexOf(code) : 0
  assert.equal(bits, expected | own, 'a bit is set by its own code alone, and stays')
  const told = JSON.stringify(rig.events)
  assert(!told.includes(`"${code}"`), 'no event holds a code')
  return answer
}

function unexpired(row: { grants: readonly { expiresAt: number }[] }, now: number): number {
  return row.grants.filter(({ expiresAt }) => expiresAt > now).length
}

function weigh<T>(
  weight: number,
  parts: { [Key in keyof T]: fc.Arbitrary<T[Key]> },
): fc.WeightedArbitrary<T> {
  return { weight, arbitrary: fc.record(parts) }
}
