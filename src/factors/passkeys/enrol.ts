/** Adds a passkey: the browser creates it, and it is stored once its registration is verified. */

import { newId } from '../../core/random.js'
import { refusal } from '../../core/refusal.js'
import type { Instant, SubjectState } from '../../core/state.js'
import type { Confirmation, Enrolment, SetUpRequest } from '../../ports/enrolment.js'
import type { Verdict } from '../../ports/attempt.js'
import { creationOptions, descriptorOf, type CredentialDescriptor } from './ceremony-options.js'
import { checkRegistration, type NewPasskey } from './check-registration.js'
import type { PasskeysContext } from './context.js'
import { passkeySetUpPage } from './pages/set-up-page.js'
import { readRegistration } from './read-credential.js'
import { newChallenge, openChallenge } from './rules/challenge.js'
import { rejected } from './rules/judge.js'
import { keysOf, partOf, withKeys, withSpent, type Passkey } from './rules/part.js'

/** The contents of the set-up token. */
interface PasskeySecrets {
  readonly challenge: string
  readonly handle: string
  readonly excluded: readonly CredentialDescriptor[]
  /** The number of the new passkey, for its default name: 1 for the user's first. */
  readonly number: number
}

/** The enrolment of passkeys. */
export function passkeyEnrolment<User>(context: PasskeysContext): Enrolment<User> {
  const { max } = context
  return {
    limit: (row) => (keysOf(row).length >= max ? refusal('factor_limit') : null),
    setUp(request) {
      const secrets = newSecrets(context, request)
      return { secrets, shown: { options: creationOptions(context, { ...secrets, ...request }) } }
    },
    page({ secrets, label, token, returnTo }) {
      const set = secrets as PasskeySecrets
      const options = creationOptions(context, { ...set, label })
      const { number } = set
      return passkeySetUpPage({ name: 'passkey-set-up', options, number, token, returnTo })
    },
    readProof: readRegistration,
    prepare: (confirmation) =>
      checkRegistration(context, confirmation, (confirmation.secrets as PasskeySecrets).challenge),
    judge: (row, now, confirmation) => judgeNew(context, row, now, confirmation),
  }
}

function newSecrets<User>(
  { keys }: PasskeysContext,
  { row, subject, sessionKey, now }: SetUpRequest<User>,
): PasskeySecrets {
  const part = partOf(row)
  const binding = { purpose: 'enrolment', subject, sessionKey } as const
  return {
    challenge: newChallenge(keys(), binding, now),
    handle: part?.handle ?? newId(),
    excluded: fitting((part?.keys ?? []).map(descriptorOf)),
    number: (part?.keys.length ?? 0) + 1,
  }
}

/** Characters of the token available for existing passkeys: enough for 5 of the usual length. */
const longestExcluded = 1500

/** Selects those that fit. For the others, an authenticator may create a second passkey, which is harmless. */
function fitting(all: readonly CredentialDescriptor[]): readonly CredentialDescriptor[] {
  let kept: readonly CredentialDescriptor[] = []
  for (const each of all) {
    const more = [...kept, each]
    if (JSON.stringify(more).length <= longestExcluded) kept = more
  }
  return kept
}

/** Judges a new passkey. A refusal is not counted as a failure, because there is nothing to guess. */
function judgeNew(
  { keys, max }: PasskeysContext,
  row: SubjectState,
  now: Instant,
  { subject, sessionKey, secrets, name, prepared }: Confirmation,
): Verdict {
  const { challenge, handle } = secrets as PasskeySecrets
  const binding = { purpose: 'enrolment', subject, sessionKey } as const
  const ceremony = openChallenge(keys(), binding, challenge, now)
  const part = partOf(row) ?? { handle, keys: [], spent: [] }
  const isSpent = part.spent.some(({ id }) => id === ceremony?.id)
  // This set-up is already confirmed, or another one was confirmed first.
  if (ceremony === null || isSpent || part.handle !== handle) return refusal('setup_expired')
  const found = (prepared ?? null) as NewPasskey | null
  const isKnown = part.keys.some(({ credentialId }) => credentialId === found?.credentialId)
  if (found === null || isKnown) return rejected
  if (part.keys.length >= max) return refusal('factor_limit')
  const id = newId()
  const key: Passkey = {
    id,
    ...found,
    name: name ?? defaultName(part.keys),
    addedAt: now,
    usedAt: null,
  }
  const next = withSpent(withKeys(part, [...part.keys, key]), ceremony, now)
  return { status: 'right', part: next, proof: id }
}

function defaultName(keys: readonly Passkey[]): string {
  return keys.length === 0 ? 'Passkey' : `Passkey ${keys.length + 1}`
}
