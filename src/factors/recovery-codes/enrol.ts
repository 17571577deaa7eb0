/** Enrols a set of codes: shows them once, and stores digests after the user confirmed that they saved them. */

import { newId } from '../../core/random.js'
import { refusal } from '../../core/refusal.js'
import type { Instant, SubjectState } from '../../core/state.js'
import type { Confirmation, Enrolment } from '../../ports/enrolment.js'
import type { Verdict } from '../../ports/attempt.js'
import { codesFile } from './codes-file.js'
import type { RecoveryContext } from './options.js'
import { codesPage } from './pages/codes-page.js'
import { digestOf, newCode, spelledCode } from './rules/codes.js'
import { partOf, type CodeSet, type RecoveryPart } from './rules/part.js'

/** The secrets in the set-up token. */
interface RecoverySecrets {
  readonly id: string
  /** The codes, without dashes. */
  readonly codes: readonly string[]
  /** The id of the set that these codes replace; `null` if there is none. */
  readonly replaces: string | null
}

/** The enrolment of codes. The current ones stay valid until the new ones are confirmed. */
export function recoveryEnrolment<User>({ count }: RecoveryContext): Enrolment<User> {
  return {
    setUp({ row }) {
      const codes = Array.from({ length: count }, newCode)
      const replaces = partOf(row).set?.id ?? null
      const secrets: RecoverySecrets = { id: newId(), codes, replaces }
      return { secrets, shown: { codes: codes.map(spelledCode) } }
    },
    page({ secrets, token, returnTo }) {
      const { codes, replaces } = secrets as RecoverySecrets
      return codesPage({
        name: 'recovery-codes',
        codes: codes.map(spelledCode),
        replacesOthers: replaces !== null,
        token,
        returnTo,
      })
    },
    // No proof is needed: a client with the token has seen the codes, and a proof would use one up.
    readProof: () => null,
    judge: keepSet,
    file: (secrets, appName, wording) => {
      const { codes } = secrets as RecoverySecrets
      return codesFile(codes.map(spelledCode), appName, wording)
    },
  }
}

/**
 * Stores the set in place of the one it replaces. Confirming it again changes nothing, so used codes stay used. Refused
 * if another set was confirmed in the meantime.
 */
function keepSet(row: SubjectState, now: Instant, { secrets }: Confirmation): Verdict {
  const { id, codes, replaces } = secrets as RecoverySecrets
  const present = partOf(row)
  const presentId = present.set?.id ?? null
  if (presentId === id) return { status: 'right', part: present, proof: id }
  if (presentId !== replaces) return refusal('setup_expired')
  const digests = codes.map((code) => digestOf(code, { subject: row.subject, setId: id }))
  const set: CodeSet = {
    id,
    digests: Buffer.concat(digests).toString('base64url'),
    used: 0,
    addedAt: now,
    usedAt: null,
  }
  const part: RecoveryPart = { ...present, held: true, set }
  return { status: 'right', part, proof: id }
}
