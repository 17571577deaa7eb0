/** Configuring a sender or a verifier, and the errors at construction. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError, type CodeSender, type HostedVerifier } from '../../src/index.js'
import { startHostedApp } from '../support/hosted-app.js'
import { verify } from '../support/in-or-out.js'
import { openHeadless } from '../support/headless.js'
import { expectProblem } from '../support/problem.js'

const verifier: HostedVerifier = {
  channels: ['sms'],
  codeLength: 6,
  start: () => Promise.resolve({ status: 'started', ref: 'V1' }),
  check: () => Promise.resolve({ status: 'incorrect' }),
  cancel: () => Promise.resolve(),
}
const sender: CodeSender = { channel: 'sms', send: () => Promise.resolve({ status: 'sent' }) }

/** The verifier with one part of it replaced, as JavaScript without types may. */
const verifierWith = (part: object): HostedVerifier => ({ ...verifier, ...part })
const faultOf = (make: () => unknown) => {
  try {
    make()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
  }
  return 'none'
}

describe('a verifier', () => {
  test('needs neither a secret nor a sender', () => {
    expect(faultOf(() => openHeadless({ verifier }))).toBe('none')
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
  ])('without a usable %s is rejected at construction, by name: %j', (name, part) => {
    expect(faultOf(() => openHeadless({ verifier: verifierWith(part) }))).toContain(name)
  })

  test('can have short codes only with relaxed standards', () => {
    const relaxed = { policy: { standards: 'relaxed' as const } }
    expect(
      faultOf(() => openHeadless({ verifier: verifierWith({ codeLength: 4 }), ...relaxed })),
    ).toBe('none')
    expect(
      faultOf(() => openHeadless({ verifier: verifierWith({ codeLength: 3 }), ...relaxed })),
    ).toContain('verifier.codeLength')
  })

  test('determines the length of codes', async () => {
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

  test('excludes a sender, but one of the two is needed', () => {
    expect(faultOf(() => openHeadless({ verifier, sender }))).toContain('not both')
    expect(faultOf(() => openHeadless({ sender: undefined }))).toMatch(/give a sender.*verifier/)
  })
})

describe('senders', () => {
  const call: CodeSender = { ...sender, channel: 'call' }
  test('can be several, one per channel', () => {
    expect(faultOf(() => openHeadless({ sender: [sender, call] }))).toBe('none')
  })

  test.each<[string, unknown, string]>([
    ['two of one channel', [sender, { ...sender }], 'failoverSender'],
    ['none', [], 'sender'],
    ['one without a channel', { ...sender, channel: undefined }, 'sender.channel'],
    ['one of an unknown channel', [call, { ...sender, channel: 'pigeon' }], 'sender.channel'],
    ['one that sends nothing', [{ channel: 'sms' }], 'send'],
  ])('are rejected at construction where there are %s', (_what, senders, named) => {
    expect(faultOf(() => openHeadless({ sender: senders as CodeSender }))).toContain(named)
  })
})
