/** The starting point of the recovery code tests. */

import { defaultPolicy } from '../../../src/core/policy.js'
import type { SubjectState } from '../../../src/core/state.js'
import { digestOf, newCode } from '../../../src/factors/recovery-codes/rules/codes.js'
import { judgeCode } from '../../../src/factors/recovery-codes/rules/judge.js'
import {
  kind,
  type CodeSet,
  type RecoveryPart,
} from '../../../src/factors/recovery-codes/rules/part.js'
import type { Verdict } from '../../../src/ports/attempt.js'
import { rowWith } from '../../core/build.js'
import { day, t0 } from '../../support/clock.js'

/** The ten codes that these tests hold. */
export const codes = Array.from({ length: 10 }, newCode)

/** One of them. */
export const codeAt = (place: number) => codes[place] ?? ''

/** The set of them, made the day before `t0`, with some fields replaced. */
export function setWith(fields: Partial<CodeSet> = {}): CodeSet {
  const digests = codes.map((code) => digestOf(code, { subject: 'user-1', setId: 'set-1' }))
  return {
    id: 'set-1',
    digests: Buffer.concat(digests).toString('base64url'),
    used: 0,
    addedAt: t0 - day,
    usedAt: null,
    ...fields,
  }
}

/** The part of `user-1`: that set, with some fields replaced, and no ticket. */
export function partWith(fields: Partial<CodeSet> = {}): RecoveryPart {
  return { held: true, set: setWith(fields), ticket: null }
}

export function rowOf(part: RecoveryPart, fields: Partial<SubjectState> = {}): SubjectState {
  return rowWith({ ...fields, factors: { [kind]: part } })
}

/** Judges a code on a set; a right one leaves the next part. */
export function judge(part: RecoveryPart, code: string, now = t0): Verdict {
  return judgeCode(defaultPolicy, rowOf(part), now, { evidence: code })
}
