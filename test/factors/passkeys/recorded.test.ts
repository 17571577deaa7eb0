/** Recorded messages from a real Chromium, for machines without a browser. */

import { expect, test } from 'vitest'

import { newSubject, withPart, type SubjectState } from '../../../src/core/state.js'
import { resolvePasskeysOptions } from '../../../src/factors/passkeys/options.js'
import { passkeyFactor } from '../../../src/factors/passkeys/passkey-factor.js'
import { keysOf, kind } from '../../../src/factors/passkeys/rules/part.js'
import { minute, t0 } from '../../support/clock.js'
import { openHeld } from '../held-rig.js'

/** Made on http://localhost:4321, for challenges of the rig's first secret, at `t0`; the key is Ed25519. */
const recorded = {
  challenge: 'mtggMxbkpLIOEvk09lJWfAGbdtqoAFwCagw-XQi8xjFdaz_Yhh0iACd1Eeiu2tHF18ro0Qtr',
  registration: {
    id: 'f1zkcUfqYa4s-APwJENQzl3oYqvSjo9nMg5vZAGTszE',
    rawId: 'f1zkcUfqYa4s-APwJENQzl3oYqvSjo9nMg5vZAGTszE',
    type: 'public-key',
    response: {
      clientDataJSON:
        'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoibXRnZ014YmtwTElPRXZrMDlsSldmQUdiZHRxb0FGd0NhZ3ctWFFpOHhqRmRhel9ZaGgwaUFDZDFFZWl1MnRIRjE4cm8wUXRyIiwib3JpZ2luIjoiaHR0cDovL2xvY2FsaG9zdDo0MzIxIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ',
      attestationObject:
        'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViBSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAQECAwQFBgcIAQIDBAUGBwgAIH9c5HFH6mGuLPgD8CRDUM5d6GKr0o6PZzIOb2QBk7MxpAEBAycgBiFYIKXB0dxkAvPOlU_1TfIuw-OE0KllYZ2zd4P_w5avOg-L',
      transports: ['internal'],
    },
  },
  assertion: {
    id: 'f1zkcUfqYa4s-APwJENQzl3oYqvSjo9nMg5vZAGTszE',
    rawId: 'f1zkcUfqYa4s-APwJENQzl3oYqvSjo9nMg5vZAGTszE',
    type: 'public-key',
    response: {
      authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MBAAAAAg',
      clientDataJSON:
        'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiMkU5MlpYb2tqaVRPNDlfN2xSS0I0Z0diZHRxb0FQbkQzNTRsQ28wS25vR0NMdzd4QmFYeElKajhwMS1vaWFLdVlyekF4eDVWIiwib3JpZ2luIjoiaHR0cDovL2xvY2FsaG9zdDo0MzIxIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ',
      signature:
        'AbqV7nNWv1ZUcr77InAQrcv5CyBKk7q7TWnAowT45pFD5-0_69dYi6ACzSmqdloyoNjjGZK9aFCsIJIXOBRMCg',
    },
  },
} as const

const factor = passkeyFactor<Express.User>(
  resolvePasskeysOptions(
    { rpId: 'localhost', origins: ['http://localhost:4321'] },
    openHeld().tools,
  ),
)
const session = { subject: 'user-1', sessionKey: 'key' }

async function enrolled(): Promise<SubjectState> {
  const row = newSubject('user-1', 1, t0)
  const { enrolment } = factor
  if (enrolment === undefined) throw new Error('people add passkeys by themselves')
  const proof = enrolment.readProof({ credential: recorded.registration })
  const secrets = { challenge: recorded.challenge, handle: 'AAAAAAAAAAAAAAAAAAAAAA' }
  const confirmation = { ...session, proof, secrets, name: null }
  const prepared = await enrolment.prepare?.(confirmation)
  const verdict = enrolment.judge(row, t0, { ...confirmation, prepared })
  if (verdict.status !== 'right') throw new Error(verdict.status)
  return withPart(row, kind, verdict.part)
}

async function signIn(row: SubjectState, credential: object, now = t0): Promise<string> {
  const evidence = factor.readEvidence({ credential })
  const attempt = { evidence, purpose: 'sign-in', sessionKey: session.sessionKey } as const
  const examined = await factor.examine?.(row, now, attempt)
  return factor.judge(row, now, { ...attempt, examined }).status
}

test('a passkey from Chromium is added with the properties it reports', async () => {
  expect(keysOf(await enrolled())).toEqual([
    {
      id: expect.any(String) as string,
      credentialId: recorded.registration.id,
      publicKey: expect.any(String) as string,
      ...{ counter: 1, synced: false, transports: ['internal'] },
      ...{ name: 'Passkey', addedAt: t0, usedAt: null },
    },
  ])
})

test('a signature from Chromium passes and no other does', async () => {
  const row = await enrolled()
  expect(await signIn(row, recorded.assertion)).toBe('right')
  const { response } = recorded.assertion
  const signature = `B${response.signature.slice(1)}`
  const forged = { ...recorded.assertion, response: { ...response, signature } }
  expect(await signIn(row, forged)).toBe('wrong')
  expect(await signIn(row, recorded.assertion, t0 + 5 * minute)).toBe('refused')
})
