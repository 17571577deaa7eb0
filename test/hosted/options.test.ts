/** Who makes the codes: what an application may give, and what it is told at once where that cannot work. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError, type CodeSender, type HostedVerifier } from '../../src/index.js'
import { startHostedApp } from '../support/hosted-app.js'
import { verify } from '../support/in-or-out.js'
import { openPlain } from '../support/plain.js'
import { expectProblem } from '../support/problem.js'

const verifier: HostedVerifier = {
  channels: ['sms'],
  codeLength: 6,
  start: () => Promise.resolve({ status: 'started', ref: 'V1' }),
  check: () => Promise.resolve({ status: 'incorrect' }),
  cancel: () => Promise.resolve(),
}
const sender: CodeSender = { channel: 'sms', send: () => Promise.resolve({ status: 'sent' }) }

/** The verifier with one part of it replaced, as a program without types may give it. */
const given = (part: object): HostedVerifier => ({ ...verifier, ...part })
const faultOf = (make: () => unknown) => {
  try {
    make()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
  }
  return 'none'
}

describe('a verifier', () => {
  test('is taken without a secret and without a sender', () => {
    expect(faultOf(() => openPlain({ verifier }))).toBe('none')
  })

  test.each<[string, object]>([
    ['start', { start: undefined }],
    ['check', { check: 'yes' }],
    ['cancel', { cancel: null }],
    ['verifier.channels', { channels: undefined }],
    ['verifier.channels', { channels: [] }],
    ['verifier.channels', { channels: 'sms' }],
    ['verifier.channels', { channels: ['sms', 'pigeon'] }],
    ['verifier.codeLength', { codeLength: undefined }],
    ['verifier.codeLength', { codeLength: '6' }],
    ['verifier.codeLength', { codeLength: 6.5 }],
    ['verifier.codeLength', { codeLength: 11 }],
    ['verifier.codeLength', { codeLength: 4 }],
  ])('without a usable %s is refused at once, and named: %j', (name, part) => {
    expect(faultOf(() => openPlain({ verifier: given(part) }))).toContain(name)
  })

  test('may have short codes only where the standards are relaxed', () => {
    const relaxed = { policy: { standards: 'relaxed' as const } }
    expect(faultOf(() => openPlain({ verifier: given({ codeLength: 4 }), ...relaxed }))).toBe(
      'none',
    )
    expect(faultOf(() => openPlain({ verifier: given({ codeLength: 3 }), ...relaxed }))).toContain(
      'verifier.codeLength',
    )
  })

  test('decides how long codes are', async () => {
    const app = await startHostedApp({ standIn: { codeLength: 8 }, verify: { codeLength: 8 } })
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    expectProblem(await verify(alice, code.slice(0, 6)), 'malformed_request')
    expect((await alice.get('/second-factor/')).json).toMatchObject({
      challenge: { codeLength: 8 },
    })
    expect((await verify(alice, code)).status).toBe(200)
    await app.close()
  })

  test('goes with no sender, and one of the two is needed', () => {
    expect(faultOf(() => openPlain({ verifier, sender }))).toContain('give either')
    expect(faultOf(() => openPlain({ sender: undefined }))).toContain('give either')
  })
})

describe('senders', () => {
  const call: CodeSender = { ...sender, channel: 'call' }
  test('may be several, each of its own channel', () => {
    expect(faultOf(() => openPlain({ sender: [sender, call] }))).toBe('none')
  })

  test.each<[string, unknown, string]>([
    ['two of one channel', [sender, { ...sender }], 'failoverSender'],
    ['none', [], 'sender'],
    ['one without a channel', { ...sender, channel: undefined }, 'sender.channel'],
    ['one of a channel that is none', [call, { ...sender, channel: 'pigeon' }], 'sender.channel'],
    ['one that sends nothing', [{ channel: 'sms' }], 'send'],
  ])('are refused at once where there are %s', (_what, senders, named) => {
    expect(faultOf(() => openPlain({ sender: senders as CodeSender }))).toContain(named)
  })
})
