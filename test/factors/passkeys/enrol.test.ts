/** Judging a new passkey against the row at the time of the swap, whatever was true when the setup began. */

import { expect, test } from 'vitest'

import { newSubject, withPart, type SubjectState } from '../../../src/core/state.js'
import { passkeyEnrolment } from '../../../src/factors/passkeys/enrol.js'
import { resolvePasskeysOptions } from '../../../src/factors/passkeys/options.js'
import { keysOf, kind } from '../../../src/factors/passkeys/rules/part.js'
import { t0 } from '../../support/clock.js'
import { openHeld } from '../held-rig.js'

const enrolment = passkeyEnrolment(
  resolvePasskeysOptions({ rpId: 'example.com', max: 2 }, openHeld().tools),
)
const empty = newSubject('user-1', 1, t0)
const session = { subject: 'user-1', sessionKey: 'key' }

/** Begins on this row, and judges a passkey of this name on that one. */
async function begin(row: SubjectState) {
  const { secrets } = await enrolment.setUp({
    user: {},
    label: 'alice',
    now: t0,
    row,
    ...session,
  })
  return (credentialId: string, on: SubjectState) => {
    const found = { credentialId, publicKey: 'key', counter: 0, synced: false, transports: [] }
    const verdict = enrolment.judge(on, t0, {
      ...session,
      secrets,
      proof: null,
      name: null,
      prepared: found,
    })
    if (verdict.status === 'refused') return verdict.code
    return verdict.status === 'right' ? withPart(on, kind, verdict.part) : verdict.status
  }
}

function rowOf(outcome: SubjectState | string): SubjectState {
  if (typeof outcome === 'string') throw new Error(outcome)
  return outcome
}

test('a setup stores one passkey and is then over', async () => {
  const keep = await begin(empty)
  const row = rowOf(keep('first', empty))
  expect(keysOf(row).map(({ credentialId }) => credentialId)).toEqual(['first'])
  expect(keep('second', row)).toBe('setup_expired')
})

test('a setup is void if another has since created the user handle', async () => {
  const [keep, late] = [await begin(empty), await begin(empty)]
  expect(late('second', rowOf(keep('first', empty)))).toBe('setup_expired')
})

test('no more than the maximum number of passkeys is stored, however many setups began', async () => {
  const one = rowOf((await begin(empty))('first', empty))
  const [keep, late] = [await begin(one), await begin(one)]
  const two = rowOf(keep('second', one))
  expect(keysOf(two)).toHaveLength(2)
  expect(late('third', two)).toBe('factor_limit')
})

test('a passkey that is already stored is not stored again', async () => {
  const one = rowOf((await begin(empty))('first', empty))
  expect((await begin(one))('first', one)).toBe('passkey_rejected')
})
