/** The flows on a verifier that returns what a test sets, when the test says so. */

import type { PolicyOptions } from '../../../src/core/policy.js'
import type {
  HostedCheckResult,
  HostedStartResult,
  HostedVerifier,
} from '../../../src/factors/phone/ports/hosted-verifier.js'
import { deferred, guess, openRig, turns, type Rig } from '../../flows/rig.js'

export interface HostedRig {
  readonly rig: Rig
  /** The calls to the vendor, in order. */
  readonly calls: string[]
  start: () => Promise<HostedStartResult>
  check: () => Promise<HostedCheckResult>
  cancel: () => Promise<void>
}

/** Opens the flows; the vendor names its verifications V1, V2 … and approves no code. */
export function openHosted(policy: PolicyOptions = {}): HostedRig {
  const calls: string[] = []
  let starts = 0
  const verifier: HostedVerifier = {
    channels: ['sms', 'call'],
    codeLength: 6,
    start: ({ channel }) => {
      calls.push(`start ${channel}`)
      return hosted.start()
    },
    check: ({ ref }) => {
      calls.push(`check ${ref}`)
      return hosted.check()
    },
    cancel: (ref) => {
      calls.push(`cancel ${ref}`)
      return hosted.cancel()
    },
  }
  const hosted: HostedRig = {
    rig: openRig({ policy, verifier }),
    calls,
    start: () => {
      starts += 1
      return Promise.resolve({ status: 'started', ref: `V${starts}` })
    },
    check: () => Promise.resolve({ status: 'incorrect' }),
    cancel: () => Promise.resolve(),
  }
  return hosted
}

/** A code that a person typed for this challenge; the vendor says whether it is right. */
export const typed = (sessionKey: string) => ({ sessionKey, code: '123456' })

/** A check that has reached the vendor, and that the test settles when it is time. */
export async function heldCheck(hosted: HostedRig, sessionKey: string) {
  const held = deferred<HostedCheckResult>()
  hosted.check = () => held.promise
  const outcome = guess(hosted.rig, typed(sessionKey))
  await turns()
  return { held, outcome }
}
