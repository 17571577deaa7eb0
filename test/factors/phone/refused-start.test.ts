/** A message that certainly reached nobody costs the person nothing, and undoes nothing that an operator has done. */

import { describe, expect, test } from 'vitest'

import type { SendResult } from '../../../src/factors/phone/ports/code-sender.js'
import { reset } from '../../../src/flows/admin.js'
import {
  ask,
  begin,
  deferred,
  guess,
  lastCode,
  openRig,
  phonePartOf,
  subject,
  turns,
  type Rig,
} from '../../flows/rig.js'
import { hour, second } from '../../support/clock.js'
import { outcomeOf } from '../../support/codes.js'
import { india } from '../../support/phones.js'

const refused: SendResult = { status: 'rejected', reason: 'unavailable' }

/** A message that is with its sender, and that the test settles when it is time. */
async function heldSend(rig: Rig, parts: Parameters<typeof ask>[1] = {}) {
  const held = deferred<SendResult>()
  rig.answer = () => held.promise
  const answer = ask(rig, parts)
  await turns()
  return { held, answer }
}

describe('a person with a code', () => {
  test.each<[string, Parameters<typeof ask>[1]]>([
    ['another session’s request', {}],
    ['a change of phone', { purpose: 'enrolment', destination: india }],
  ])('keeps it through %s that no sender takes', async (_what, parts) => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const code = lastCode(rig)
    rig.now += 30 * second
    rig.answer = () => Promise.resolve(refused)
    expect(outcomeOf((await ask(rig, parts)).answer)).toBe('delivery_unavailable')
    expect(outcomeOf(await guess(rig, { sessionKey, code }))).toBe('passed')
  })

  test('gains no attempt by it', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const code = lastCode(rig)
    const wrong = code === '000000' ? '000001' : '000000'
    for (let nth = 0; nth < 5; nth += 1) await guess(rig, { sessionKey, code: wrong })
    rig.now += 30 * second
    rig.answer = () => Promise.resolve(refused)
    await ask(rig)
    expect(outcomeOf(await guess(rig, { sessionKey, code }))).toBe('attempts_exhausted')
  })
})

describe('an operator, while a message is being sent,', () => {
  test('clears the message counters for good', async () => {
    const rig = openRig()
    await begin(rig)
    rig.now += 30 * second
    const { held, answer } = await heldSend(rig)
    await reset(rig.context, subject, 'resends')
    held.resolve(refused)
    await answer
    expect((await phonePartOf(rig)).sends).toMatchObject({ count: 0, nextAt: null, windowCount: 0 })
    rig.answer = () => Promise.resolve({ status: 'sent' })
    expect(outcomeOf((await ask(rig)).answer)).toBe('pending')
  })

  test.each(['challenge', 'all'] as const)('ends every code: %s', async (scope) => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const code = lastCode(rig)
    rig.now += 30 * second
    const { held, answer } = await heldSend(rig)
    await reset(rig.context, subject, scope)
    held.resolve(refused)
    await answer
    expect(['code_expired', 'no_challenge']).toContain(
      outcomeOf(await guess(rig, { sessionKey, code })),
    )
  })
})

test('a code ended by a process whose clock is an hour ahead passes in no process', async () => {
  const rig = openRig()
  const sessionKey = await begin(rig)
  rig.now += hour
  await reset(rig.context, subject, 'challenge')
  rig.now -= hour
  expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('code_expired')
})
