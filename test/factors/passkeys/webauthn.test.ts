/** The library that checks signatures: loaded in the background, and reported if it is missing. */

import { expect, test } from 'vitest'

import { ConfigurationError } from '../../../src/core/errors.js'
import { loadWebAuthn } from '../../../src/factors/passkeys/webauthn.js'
import type { UntimedEvent } from '../../../src/ports/event-sink.js'

test('is loaded at once, for everyone who waits for it', async () => {
  const events: UntimedEvent[] = []
  const webAuthn = loadWebAuthn({ emit: (event) => events.push(event) })
  const [first, second] = await Promise.all([webAuthn(), webAuthn()])
  expect(first).toBe(second)
  expect(Object.keys(first).sort()).toEqual([
    ...['decodeAttestationObject', 'verifyAuthenticationResponse', 'verifyRegistrationResponse'],
  ])
  expect(events).toEqual([])
})

test('is reported by an event at once and by an error at each ceremony if it is not installed', async () => {
  const events: UntimedEvent[] = []
  const missing = () => Promise.reject(new Error("Cannot find package '@simplewebauthn/server'"))
  const webAuthn = loadWebAuthn({ emit: (event) => events.push(event) }, missing)
  for (let tries = 0; tries < 2; tries += 1) {
    const error: unknown = await webAuthn().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({
      option: 'factors',
      message: expect.stringContaining('npm install @simplewebauthn/server@14') as string,
    })
  }
  expect(events).toEqual([
    {
      type: 'set_up_mistake',
      option: 'factors',
      message: expect.stringContaining('npm install @simplewebauthn/server@14') as string,
    },
  ])
})
