/** The actions of users, clocks, vendors and operators, and how each is applied to a world. */

import fc from 'fast-check'

import type { PolicyOptions } from '../../../src/core/policy.js'
import type { Purpose } from '../../../src/core/state.js'
import { day } from '../../support/clock.js'
import { step } from './promises.js'
import {
  deliver,
  giveUp,
  logOut,
  newSession,
  reset,
  revoke,
  start,
  submit,
  type Delivery,
  type Session,
  type World,
} from './world.js'

const moments = {
  'the next message': ({ model, flow }: World) => {
    const { waitUntil, today, dayBegan } = model.messages
    return today < flow.policy.sendsPerDay ? waitUntil : Math.max(waitUntil, dayBegan + day)
  },
  'the last resend': ({ model, flow }: World) =>
    (model.live?.expiresAt ?? NaN) - Math.min(flow.policy.codeLifetimeSeconds * 500, 60_000),
  'the expiry': ({ model }: World) => model.live?.expiresAt ?? NaN,
  'the end of grace': ({ model, flow }: World) =>
    (model.live?.expiresAt ?? NaN) + flow.policy.graceSeconds * 1000,
  'the end of the lock': ({ model }: World) => model.lockedUntil,
  'the end of quiet': ({ model }: World) => model.messages.quietAt,
  'the end of the day': ({ model }: World) => model.messages.dayBegan + day,
  'a clock skew before the code': ({ model }: World) => (model.live?.issuedAt ?? NaN) - 30_000,
  'the end of a grant': ({ model }: World) => model.grants[0]?.expiresAt ?? NaN,
}

export type Deed =
  | { do: 'start'; who: number; purpose: Purpose; outcome: Delivery }
  | { do: 'start slowly'; who: number; purpose: Purpose }
  | { do: 'deliver'; outcome: Delivery }
  | { do: 'guess right' | 'guess elsewhere'; who: number }
  | { do: 'guess wrong'; who: number; times: number }
  | { do: 'guess an old code'; who: number; nth: number }
  | { do: 'guess without a session'; right: boolean }
  | { do: 'wait'; ms: number }
  | { do: 'wait until'; what: keyof typeof moments; by: number }
  | { do: 'log out' | 'give up' | 'lose the cookie'; who: number }
  | { do: 'revoke' | 'reset' }
  | { do: 'pass often' | 'fail often'; who: number; times: number }

const who = fc.constantFrom(0, 0, 0, 0, 1, 2)
const purpose = fc.constantFrom('sign-in', 'sign-in', 'sign-in', 'enrolment')
const outcome = fc.constantFrom('sent', 'sent', 'sent', 'sent', 'maybe_sent', 'rejected')
const upTo = (max: number) => fc.integer({ min: 1, max })
const what = fc.constantFrom(...(Object.keys(moments) as (keyof typeof moments)[]))
const toTheNextMessage = fc.constant('the next message')

export const deeds: fc.Arbitrary<Deed> = fc.oneof(
  weigh(12, { do: fc.constant('start'), who, purpose, outcome }),
  weigh(2, { do: fc.constant('start slowly'), who, purpose }),
  weigh(2, { do: fc.constant('deliver'), outcome }),
  weigh(8, { do: fc.constantFrom('guess right', 'guess right', 'guess elsewhere'), who }),
  weigh(12, { do: fc.constant('guess wrong'), who, times: upTo(12) }),
  weigh(4, { do: fc.constant('guess an old code'), who, nth: fc.nat(30) }),
  weigh(2, { do: fc.constant('guess without a session'), right: fc.boolean() }),
  weigh(8, { do: fc.constant('wait'), ms: upTo(120_000) }),
  weigh(1, { do: fc.constant('wait'), ms: upTo(5 * day) }),
  weigh(2, { do: fc.constant('wait'), ms: upTo(7_200_000).map((ms) => -ms) }),
  weigh(8, { do: fc.constant('wait until'), what, by: fc.constantFrom(-1, 0, 0, 1) }),
  weigh(8, { do: fc.constant('wait until'), what: toTheNextMessage, by: fc.constant(0) }),
  weigh(6, { do: fc.constantFrom('log out', 'give up', 'lose the cookie'), who }),
  weigh(2, { do: fc.constantFrom('revoke', 'reset') }),
  weigh(2, { do: fc.constantFrom('pass often', 'fail often'), who, times: upTo(35) }),
)

const rungs = fc.array(fc.constantFrom(0.001, 0.5, 1, 2, 5, 6, 30, 90), {
  minLength: 1,
  maxLength: 4,
})
export const smallLimits: fc.Arbitrary<PolicyOptions> = fc.record({
  // So that a lock may be over before the world is.
  standards: fc.constant('relaxed'),
  codeLength: fc.integer({ min: 8, max: 10 }),
  codeLifetimeSeconds: fc.constantFrom(1, 2, 6, 60, 119, 120, 121, 300, 570),
  graceSeconds: fc.constantFrom(0, 1, 10, 30),
  maxAttempts: upTo(10),
  resendLadderSeconds: rungs,
  resendLadderEnd: fc.constantFrom('repeat-last', 'start-again'),
  resendResetSeconds: fc.constantFrom(1, 20, 100, 86_400),
  sendsPerDay: fc.constantFrom(1, 2, 5, 12, 100),
  answeredSendsPerDay: fc.constantFrom(0, 1, 3, 50),
  lockAfterFailures: upTo(10),
  lockLadderSeconds: rungs,
  hardStopFailures: fc.constantFrom(1, 7, 30, 100),
  grantLifetimeSeconds: fc.constantFrom(1, 60, 3_600),
})

/** Does one deed, step by step. */
export async function act(world: World, deed: Deed): Promise<void> {
  const session = world.sessions['who' in deed ? deed.who : 0] ?? newSession()
  switch (deed.do) {
    case 'start':
      await step(world, () => start(world, session, deed.purpose))
      return step(world, () => deliver(world, deed.outcome, 'last'), 'may take a message back')
    case 'start slowly':
      return step(world, () => start(world, session, deed.purpose))
    case 'deliver':
      return step(world, () => deliver(world, deed.outcome), 'may take a message back')
    case 'guess right':
      return right(world, session)
    case 'guess wrong':
      for (let count = 0; count < deed.times; count += 1) await wrong(world, session)
      return
    case 'guess elsewhere': {
      const other = held(session).purpose === 'sign-in' ? 'enrolment' : 'sign-in'
      return step(world, () => submit(world, session, other, codeOf(world, session)))
    }
    case 'guess an old code': {
      const code = [...world.codes.values()].at(-1 - deed.nth) ?? '00000000'
      return step(world, () => submit(world, session, held(session).purpose, code), 'may pass')
    }
    case 'guess without a session': {
      const { live } = world.model
      const code = world.codes.get(live?.id ?? '') ?? '00000000'
      const tried = deed.right ? code : other(code)
      return step(world, () => submit(world, null, live?.purpose ?? 'sign-in', tried), 'may pass')
    }
    case 'wait':
      world.now += deed.ms
      return
    case 'wait until': {
      const until = moments[deed.what](world)
      if (Number.isFinite(until)) world.now = until + deed.by
      return
    }
    case 'log out':
      await step(world, () => logOut(world, session))
      world.sessions[deed.who] = newSession()
      return
    case 'give up':
      return step(world, () => giveUp(world, session))
    case 'lose the cookie':
      world.sessions[deed.who] = newSession()
      return
    case 'revoke':
      return step(world, () => revoke(world))
    case 'reset':
      return step(world, () => reset(world), 'forgives all')
    case 'pass often':
      for (let count = 0; count < deed.times; count += 1) {
        await act(world, { do: 'lose the cookie', who: deed.who })
        await act(world, { do: 'wait until', what: 'the next message', by: 0 })
        await act(world, { do: 'start', who: deed.who, purpose: 'sign-in', outcome: 'sent' })
        await act(world, { do: 'guess right', who: deed.who })
      }
      return
    case 'fail often':
      for (let count = 0; count < deed.times; count += 1) {
        await act(world, { do: 'wait until', what: 'the end of the lock', by: 0 })
        await act(world, { do: 'wait until', what: 'the next message', by: 0 })
        await act(world, { do: 'start', who: deed.who, purpose: 'sign-in', outcome: 'sent' })
        await act(world, { do: 'guess wrong', who: deed.who, times: 3 })
      }
  }
}

function right(world: World, session: Session): Promise<void> {
  const code = codeOf(world, session)
  return step(world, () => submit(world, session, held(session).purpose, code), 'may pass')
}

function wrong(world: World, session: Session): Promise<void> {
  const code = other(world.codes.get(world.model.live?.id ?? '') ?? '00000000')
  return step(world, () => submit(world, session, held(session).purpose, code))
}

function held(session: Session): { readonly id: string; readonly purpose: Purpose } {
  return session.held ?? { id: '', purpose: 'sign-in' }
}

/** The right code of the challenge that a session holds, whether or not it still runs. */
function codeOf(world: World, session: Session): string {
  return world.codes.get(held(session).id) ?? '00000000'
}

/** A code that is wrong by its last digit. */
function other(code: string): string {
  return `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`
}

function weigh<T>(
  weight: number,
  parts: { [Key in keyof T]: fc.Arbitrary<T[Key]> },
): fc.WeightedArbitrary<T> {
  return { weight, arbitrary: fc.record(parts) }
}
