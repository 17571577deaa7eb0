import { describe, expect, test } from 'vitest'

import { refusal } from '../../../src/core/refusal.js'
import { shuffled } from '../../support/shuffled-store.js'
import { memoryStore } from '../../../src/adapters/memory/memory-store.js'
import {
  ask,
  begin,
  challengeIdOf,
  firstSecret,
  guess,
  lastCode,
  openRig,
  otherSecret,
  phonePartOf,
  subject,
} from '../../flows/rig.js'
import { day, minute, second, t0 } from '../../support/clock.js'
import { outcomeOf, wrongCode } from '../../support/codes.js'
import { cameroon, india } from '../../support/phones.js'
import { rowOf } from '../../support/rows.js'

describe('the first start', () => {
  test('sends one message with the code and returns the challenge', async () => {
    const rig = openRig()
    const { sessionKey, answer } = await ask(rig, { locale: 'fr' })
    expect(answer).toEqual({
      status: 'pending',
      method: 'sms',
      channel: 'sms',
      destination: '••••67',
      codeLength: 6,
      attemptsLeft: 5,
      expiresAt: new Date(t0 + 5 * minute),
      expiresInSeconds: 300,
      resendAt: new Date(t0 + 30 * second),
      resendInSeconds: 30,
    })
    expect(rig.messages).toEqual([
      {
        to: cameroon,
        code: expect.stringMatching(/^[0-9]{6}$/) as string,
        text: expect.stringContaining(lastCode(rig)) as string,
        expiresAt: new Date(t0 + 5 * minute),
        validForSeconds: 300,
        locale: 'fr',
      },
    ])
    expect((await phonePartOf(rig)).challenge?.sessionKey).toBe(sessionKey)
  })

  test('stores neither a code nor its hash in the row', async () => {
    const rig = openRig({ policy: { codeLength: 10 } })
    await begin(rig)
    expect(JSON.stringify(await rowOf(rig.store, subject))).not.toContain(lastCode(rig))
  })

  test('is refused without a phone and neither counts nor stores anything', async () => {
    const rig = openRig()
    const { answer } = await ask(rig, { destination: refusal('destination_missing') })
    expect(outcomeOf(answer)).toBe('destination_missing')
    expect(rig.messages).toEqual([])
    expect(await rig.store.read(subject)).toBeNull()
  })
})

describe('a resend in the same session', () => {
  test('carries the same code and keeps its expiry', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const id = await challengeIdOf(rig)
    rig.now += 30 * second
    const { answer } = await ask(rig, { sessionKey })
    expect(await challengeIdOf(rig)).toBe(id)
    expect(answer).toMatchObject({ expiresInSeconds: 270, resendInSeconds: 60 })
    expect(rig.messages.map(({ code }) => code)).toEqual([lastCode(rig), lastCode(rig)])
    expect(rig.messages.at(-1)).toMatchObject({
      validForSeconds: 270,
      expiresAt: new Date(t0 + 5 * minute),
    })
  })

  test('restores no guess', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    rig.now += 30 * second
    expect((await ask(rig, { sessionKey })).answer).toMatchObject({ attemptsLeft: 4 })
  })

  test.each([
    [4 * minute, true],
    [4 * minute + 1, false],
  ])('%d ms on carries the same code: %s', async (ms, same) => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const [id, first] = [await challengeIdOf(rig), lastCode(rig)]
    rig.now += ms
    await ask(rig, { sessionKey })
    expect((await challengeIdOf(rig)) === id).toBe(same)
    expect(lastCode(rig) === first).toBe(same)
  })

  test('after the attempts are spent sends a new code, and the old one no longer passes', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const first = lastCode(rig)
    for (let nth = 1; nth <= 5; nth += 1) {
      await guess(rig, { sessionKey, code: wrongCode(lastCode(rig), nth) })
    }
    rig.now += 30 * second
    const spent = await challengeIdOf(rig)
    await begin(rig, { sessionKey })
    expect(await challengeIdOf(rig)).not.toBe(spent)
    expect(outcomeOf(await guess(rig, { sessionKey, code: first }))).toBe('code_incorrect')
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('passed')
  })

  test('sends a new code if the old one’s secret has left the ring', async () => {
    const store = memoryStore()
    const before = openRig({ store, secret: firstSecret })
    const sessionKey = await begin(before)
    const after = openRig({ store, secret: otherSecret })
    after.now = t0 + 30 * second
    const earlier = await challengeIdOf(after)
    await begin(after, { sessionKey })
    expect(await challengeIdOf(after)).not.toBe(earlier)
    expect(outcomeOf(await guess(after, { sessionKey }))).toBe('passed')
  })

  test('carries the same code while its secret is still in the ring', async () => {
    const store = memoryStore()
    const before = openRig({ store, secret: firstSecret })
    const sessionKey = await begin(before)
    const after = openRig({ store, secret: [otherSecret, firstSecret] })
    after.now = t0 + 30 * second
    const id = await challengeIdOf(after)
    await begin(after, { sessionKey })
    expect(await challengeIdOf(after)).toBe(id)
    expect(lastCode(after)).toBe(lastCode(before))
  })
})

describe('a start without a session', () => {
  test('resends whichever code is pending', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const running = await challengeIdOf(rig)
    rig.now += 30 * second
    await begin(rig, { sessionKey: undefined })
    expect(await challengeIdOf(rig)).toBe(running)
    expect(rig.messages[1]?.code).toBe(rig.messages[0]?.code)
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('passed')
  })
})

describe('a start from another session', () => {
  test('is a new challenge with another code, and ends the first session’s', async () => {
    const rig = openRig()
    const first = await begin(rig)
    const [firstId, firstCode] = [await challengeIdOf(rig), lastCode(rig)]
    rig.now += 30 * second
    const next = await begin(rig)
    expect(await challengeIdOf(rig)).not.toBe(firstId)
    expect(lastCode(rig)).not.toBe(firstCode)
    expect(outcomeOf(await guess(rig, { sessionKey: first, code: firstCode }))).toBe('no_challenge')
    expect(outcomeOf(await guess(rig, { sessionKey: next }))).toBe('passed')
  })

  test('shares the wait of the first, and learns nothing of its challenge', async () => {
    const rig = openRig()
    await begin(rig)
    rig.now += 30 * second - 1
    const { answer } = await ask(rig)
    expect(answer).toEqual({
      status: 'refused',
      code: 'cooldown',
      retryAt: new Date(t0 + 30 * second),
      retryAfterSeconds: 1,
    })
    expect(rig.messages.length).toBe(1)
  })
})

describe('a new challenge', () => {
  test('never has the code that the user just had', async () => {
    // Codes of one digit, so that every tenth draw would repeat the last.
    const rig = openRig({
      codeLength: 1,
      policy: { resendLadderSeconds: [1], sendsPerDay: 1_000, codeLifetimeSeconds: 60 },
    })
    for (let sent = 0; sent < 200; sent += 1) {
      await begin(rig)
      rig.now += second
    }
    const codes = rig.messages.map(({ code }) => code)
    expect(codes.every((code, nth) => code !== codes[nth + 1])).toBe(true)
  })

  test('for another purpose ends the pending one', async () => {
    const rig = openRig()
    const signIn = await begin(rig)
    const signInCode = lastCode(rig)
    rig.now += 30 * second
    await begin(rig, { purpose: 'enrolment', destination: india, sessionKey: signIn })
    expect(rig.messages.at(-1)?.to).toBe(india)
    const late = await guess(rig, { sessionKey: signIn, code: signInCode })
    expect(outcomeOf(late)).toBe('no_challenge')
  })
})

describe('asking again while a phone is being enrolled', () => {
  test('applies to that phone for its own session', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig, { purpose: 'enrolment', destination: india })
    const id = await challengeIdOf(rig)
    rig.now += 30 * second
    await ask(rig, { sessionKey, destination: refusal('destination_missing') })
    expect(await challengeIdOf(rig)).toBe(id)
    expect(rig.messages.map(({ to }) => to)).toEqual([india, india])
  })

  test('applies to the user’s own phone for every other session', async () => {
    const rig = openRig()
    await begin(rig, { purpose: 'enrolment', destination: india })
    rig.now += 30 * second
    await begin(rig)
    expect(rig.messages.map(({ to }) => to)).toEqual([india, cameroon])
  })
})

describe('the send limits', () => {
  test('apply across sessions and new challenges: 2 messages in the first minute', async () => {
    const rig = openRig()
    for (let tick = 0; tick < 60; tick += 1) {
      await ask(rig)
      rig.now += second
    }
    expect(rig.messages.length).toBe(2)
  })

  test('apply to the day: 10 messages, requested as fast as allowed', async () => {
    const rig = openRig()
    while (rig.now < t0 + day) {
      const { answer } = await ask(rig)
      rig.now += answer.status === 'refused' ? (answer.retryAfterSeconds ?? 0) * second : 0
      if (outcomeOf(answer) === 'send_limit') break
    }
    expect(rig.messages.length).toBe(10)
    expect(rig.now).toBe(t0 + day)
    expect(outcomeOf((await ask(rig)).answer)).toBe('pending')
  })

  test('apply across logins from new sessions and small steps back of the clock', async () => {
    const rig = openRig()
    for (let sent = 0; sent < 4; sent += 1) {
      await begin(rig)
      rig.now = ((await phonePartOf(rig)).sends.nextAt ?? 0) - 1
      expect(outcomeOf((await ask(rig)).answer)).toBe('cooldown')
      rig.now -= minute
      expect(outcomeOf((await ask(rig)).answer)).toBe('cooldown')
      rig.now += minute + 1
    }
    expect((await phonePartOf(rig)).sends.rung).toBe(4)
  })

  test('let one of 50 parallel starts send', async () => {
    const rig = openRig({ store: shuffled(memoryStore()) })
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(rig)))
    expect(rig.messages.length).toBe(1)
    expect(answers.filter(({ answer }) => outcomeOf(answer) === 'pending').length).toBe(1)
    expect(answers.filter(({ answer }) => outcomeOf(answer) === 'cooldown').length).toBe(49)
  })

  test('send nothing to a locked user, with or without a phone', async () => {
    const rig = openRig({
      policy: { standards: 'relaxed', lockAfterFailures: 1, lockLadderSeconds: [3] },
    })
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    rig.now += 3 * second - 1
    expect(outcomeOf((await ask(rig)).answer)).toBe('locked_out')
    const phoneless = await ask(rig, { destination: refusal('destination_missing') })
    expect(outcomeOf(phoneless.answer)).toBe('locked_out')
    rig.now = t0 + 30 * second
    expect(outcomeOf((await ask(rig)).answer)).toBe('pending')
    expect(rig.messages.length).toBe(2)
  })

  test('of one user do not count for another', async () => {
    const rig = openRig()
    await begin(rig)
    expect(outcomeOf((await ask(rig, { subject: 'user-2' })).answer)).toBe('pending')
    expect(rig.messages[0]?.code).not.toBe(rig.messages[1]?.code)
  })
})
