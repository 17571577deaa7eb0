/** Receipts are configured at construction; the error names the option and the remedy. */

import { describe, expect, test } from 'vitest'

import { textbeeReceipts } from '../../src/adapters/textbee/index.js'
import { twilioVerify } from '../../src/adapters/twilio/index.js'
import {
  ConfigurationError,
  consoleSender,
  createSecondFactor,
  memoryStore,
  type SecondFactorOptions,
} from '../../src/index.js'

const source = textbeeReceipts({ secret: 'a webhook secret of the tests' })

/** Makes a second factor with these options, over good ones. */
function make(options: object) {
  const good: SecondFactorOptions<Express.User> = {
    secret: 'a secret of at least thirty-two bytes',
    store: memoryStore(),
    sender: consoleSender({ print: () => undefined }),
    users: { id: (user) => user.id, phone: () => null },
  }
  return createSecondFactor({ ...good, ...options })
}

describe('receiptsRouter()', () => {
  test.each([{}, { receipts: undefined }, { receipts: [] }])(
    'throws without a source, and says to give one: %j',
    (options) => {
      const secondFactor = make(options)
      expect(() => secondFactor.receiptsRouter()).toThrow(ConfigurationError)
      expect(() => secondFactor.receiptsRouter()).toThrow(/needs the option receipts/)
    },
  )

  test('is made with a source', () => {
    expect(make({ receipts: [source] }).receiptsRouter()).toBeTypeOf('function')
  })
})

describe('the receipts option', () => {
  const service = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'token' }
  const verifier = twilioVerify({ ...service, serviceSid: `VA${'0'.repeat(32)}` })

  test.each<[string, object]>([
    ['is no list', { receipts: source }],
    ['holds nothing', { receipts: [null] }],
    ['holds what cannot read', { receipts: [{ name: 'pigeon' }] }],
    ['holds what has no name', { receipts: [{ read: () => null }] }],
    ['holds a name that is no part of a path', { receipts: [{ ...source, name: 'a/:b' }] }],
    ['holds one name twice', { receipts: [source, source] }],
    [
      'goes with a verifier, whose vendor reports on no message',
      { receipts: [source], verifier, secret: undefined, sender: undefined },
    ],
  ])('that %s is refused', (_what, options) => {
    expect(() => make(options)).toThrow(ConfigurationError)
    expect(() => make(options)).toThrow(/^receipts /)
  })
})
