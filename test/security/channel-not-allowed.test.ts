/**
 * An application allows a user only some channels: no calls, say, because the voicemail is open. The attacker has the
 * password and tries every way to have a code sent by a channel that is not allowed.
 */

import { afterEach, describe, expect, test } from 'vitest'

import type { Channel, CodeSender } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { expectProblem } from '../support/problem.js'

let app: TestApp
let used: Channel[]
let allowed: readonly Channel[]
const sender = (channel: Channel): CodeSender => ({
  channel,
  send: () => {
    used.push(channel)
    return Promise.resolve({ status: 'sent' })
  },
})

async function open(first: readonly Channel[]): Promise<void> {
  used = []
  allowed = first
  app = await startTestApp({
    secondFactor: {
      sender: [sender('sms'), sender('call')],
      users: {
        id: ({ id }) => id,
        phone: (user) => user.phone && { number: user.phone, verified: user.verified },
        setVerifiedPhone: () => undefined,
        channels: () => allowed,
      },
    },
  })
}
afterEach(() => app.close())

const userOf = (username: string) => {
  const user = app.users.find((each) => each.username === username)
  if (user === undefined) throw new Error('there is no such user')
  return user
}

describe('when only calls are allowed', () => {
  test('the first code and an enrolment code go out by call', async () => {
    await open(['call'])
    await app.login('alice')
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+14155550199' })
    app.clock.advance(30)
    await carol.post('/second-factor/challenge')
    await app.secondFactor.start(userOf('bob'))
    expect(used).toEqual(['call', 'call', 'call', 'call'])
  })

  test('a code first sent by SMS is resent by call', async () => {
    await open(['sms', 'call'])
    const alice = await app.login('alice')
    allowed = ['call']
    app.clock.advance(30)
    expect((await alice.post('/second-factor/challenge')).json).toMatchObject({ channel: 'call' })
    app.clock.advance(60)
    await app.secondFactor.start(userOf('alice'))
    expect(used).toEqual(['sms', 'call', 'call'])
  })
})

describe('when no channel is allowed', () => {
  test.each<[string, () => readonly Channel[]]>([
    ['an empty list', () => []],
    ['a channel that is not configured', () => ['whatsapp']],
    ['no list', () => null as unknown as readonly Channel[]],
  ])('%s, nothing is sent in any way', async (_what, list) => {
    await open(list())
    const alice = app.browser()
    const login = await alice.post('/login', { username: 'alice', password: 'password' })
    expect(login.json).toMatchObject({ refusal: { code: 'destination_blocked' } })
    expectProblem(await alice.post('/second-factor/challenge'), 'destination_blocked')
    const carol = await app.login('carol')
    const enrolment = await carol.post('/second-factor/phone', { phone: '+14155550199' })
    expectProblem(enrolment, 'destination_blocked')
    expect(await app.secondFactor.start(userOf('bob'))).toMatchObject({
      code: 'destination_blocked',
    })
    const named = await app.secondFactor.start(userOf('bob'), { channel: 'sms' })
    expect(named).toMatchObject({ status: 'refused' })
    expect(used).toEqual([])
  })
})
