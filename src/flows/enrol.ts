/** Enrols a factor. The set-up is in a sealed token at the client, and nothing is stored before the proof. */

import { enrolmentOf, freshnessRefusal } from '../core/enrolment.js'
import { readOwnString, type Fields } from '../core/fields.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import { createSeal } from '../core/seal.js'
import {
  after,
  newSubject,
  withPart,
  type Decision,
  type Grant,
  type Instant,
  type SubjectState,
} from '../core/state.js'
import type { Confirmation, Enrolment, SetUp } from '../ports/enrolment.js'
import type { Factor } from '../ports/factor.js'
import { areFactorsLost } from './anchor.js'
import { enrolmentRefusal } from './enrolment-refusal.js'
import { isAnyHeld, isHeldElsewhere, isHeldInRow, type HeldContext } from './held.js'
import { openSetUp, sealSetUp, setUpSeconds, type SetUpToken } from './set-up-token.js'
import { readState, transition } from './transition.js'

/** A factor that users can enrol themselves. */
export type Enrollable<User> = Factor<User> & { readonly enrolment: Enrolment<User> }

/** A session that enrols or changes a factor. */
export interface EnrolRequest<User> {
  readonly user: User
  readonly subject: string
  readonly grant: Grant | null
  readonly sessionKey: string
}

/** A set-up that has begun. Nothing is stored yet, and existing factors are unchanged. */
export interface BegunSetUp extends SetUp {
  readonly status: 'begun'
  readonly token: string
  readonly label: string
  readonly expiresAt: Date
}

/** True if users can enrol this factor themselves. */
export function isEnrollable<User>(factor: Factor<User>): factor is Enrollable<User> {
  return factor.enrolment !== undefined
}

/** The refusal if this session may not change the user's factors, or `null`. */
export async function changeRefusal<User>(
  context: HeldContext<User>,
  { user, grant }: Pick<EnrolRequest<User>, 'user' | 'grant'>,
  row: SubjectState,
  now: Instant,
): Promise<Refusal | null> {
  if (await areFactorsLost(context, user, row)) return refusal('factors_lost')
  if (await isAnyHeld(context, user, row)) return freshnessRefusal(grant, now)
  // A user who passed by an operator's code gets more time, because they may have to install an app.
  return enrolmentOf(row).isClosed
    ? freshnessRefusal(grant, now, context.flow.policy.enrolmentSeconds)
    : null
}

/** Begins a set-up: makes the secrets and the token that contains them. */
export async function beginSetUp<User>(
  context: HeldContext<User>,
  request: EnrolRequest<User>,
  factor: Enrollable<User>,
): Promise<BegunSetUp | Refusal> {
  const { flow, users } = context
  const { user, subject, grant, sessionKey } = request
  const row = await rowOf(context, subject)
  const now = flow.clock()
  const refused = await changeRefusal(context, request, row, now)
  if (refused !== null) return refused
  if (factor.isBackup === true && !(await isAnyHeld(context, user, row))) {
    return refusal('factor_not_enrolled')
  }
  const limit = factor.enrolment.limit?.(row) ?? null
  if (limit !== null) return limit
  const label = await users.label(user)
  const setUp = await factor.enrolment.setUp({ user, subject, label, row, now, sessionKey })
  const token = sealSetUp(createSeal(flow.keys()), subject, {
    ...{ kind: factor.kind, sessionKey, epoch: row.epoch, grantId: grant?.id ?? null },
    ...{ issuedAt: now, secrets: setUp.secrets },
  })
  const expiresAt = new Date(after(now, setUpSeconds))
  return { status: 'begun', ...setUp, token, label, expiresAt }
}

/** A token and a proof from a client. */
export interface OpenedSetUp<User> {
  readonly status: 'opened'
  readonly factor: Enrollable<User>
  readonly token: SetUpToken
  readonly confirmation: Confirmation
}

/** Opens the token in a client's fields. Refuses one of another session. */
export function openToken<User>(
  { flow }: HeldContext<User>,
  { subject, sessionKey }: EnrolRequest<User>,
  { kind }: Factor<User>,
  fields: Fields,
): { readonly status: 'opened'; readonly token: SetUpToken } | Refusal {
  const text = readOwnString(fields, 'setup')
  if (text === null) return refusal('malformed_request')
  const token = openSetUp(createSeal(flow.keys()), subject, kind, text, flow.clock())
  const isOwn = token !== null && token.sessionKey === sessionKey
  return isOwn ? { status: 'opened', token } : refusal('setup_expired')
}

/** Reads the token and the proof from a client's fields. */
export async function openSetUpOf<User>(
  context: HeldContext<User>,
  request: EnrolRequest<User>,
  factor: Enrollable<User>,
  fields: Fields,
): Promise<OpenedSetUp<User> | Refusal> {
  const opened = openToken(context, request, factor, fields)
  if (isRefusal(opened)) return opened
  const { token } = opened
  const proof = factor.enrolment.readProof(fields)
  if (isRefusal(proof)) return proof
  const { subject, sessionKey } = request
  const confirmation = {
    ...{ subject, sessionKey, proof },
    secrets: token.secrets,
    name: itemName(fields),
  }
  const prepared = await factor.enrolment.prepare?.(confirmation)
  return { status: 'opened', factor, token, confirmation: { ...confirmation, prepared } }
}

/** Maximum length of a name. Longer ones are cut. */
const maxNameLength = 50

/** Reads the user's name for an item, without control characters; `null` if there is none. */
export function itemName(fields: Fields): string | null {
  const typed = readOwnString(fields, 'name') ?? ''
  const name = typed.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return name === '' ? null : Array.from(name).slice(0, maxNameLength).join('')
}

/**
 * Returns the factor with a `judge` for the proof. It checks against the current row that this session may still enrol:
 * of two sessions that have only the password, the second finds the first one's factor and is refused.
 */
export async function asEnrolled<User>(
  context: HeldContext<User>,
  { user }: EnrolRequest<User>,
  { factor, token, confirmation }: OpenedSetUp<User>,
): Promise<Factor<User> | Refusal> {
  const row = await rowOf(context, confirmation.subject)
  // The store may have lost the row after the token was issued.
  if (await areFactorsLost(context, user, row)) return refusal('factors_lost')
  const isElsewhere = await isHeldElsewhere(context, user, row)
  return {
    ...factor,
    judge: (state, now) =>
      tokenRefusal(context, state, now, token, isElsewhere) ??
      factor.enrolment.judge(state, now, confirmation),
  }
}

/** The result of storing a backup. */
export interface Kept {
  readonly status: 'kept'
  /** The id of the backup. */
  readonly id: string
  /** False if it was confirmed before, so nothing changed. */
  readonly isNew: boolean
}

/** Stores a backup. Confirming it proves nothing, so the session does not pass and no grant ends. */
export async function keepBackup<User>(
  context: HeldContext<User>,
  request: EnrolRequest<User>,
  opened: OpenedSetUp<User>,
): Promise<Kept | Refusal> {
  const enrolled = await asEnrolled(context, request, opened)
  if (isRefusal(enrolled)) return enrolled
  const { kind } = enrolled
  const attempt = { evidence: null, purpose: 'enrolment', sessionKey: undefined } as const
  const rule = (row: SubjectState, now: Instant): Decision<Kept | Refusal> => {
    const verdict = enrolled.judge(row, now, attempt)
    if (isRefusal(verdict)) return { state: row, outcome: verdict }
    if (verdict.status !== 'right') return { state: row, outcome: refusal('malformed_request') }
    const isSame = row.factors[kind] === verdict.part
    return {
      state: isSame ? row : withPart(row, kind, verdict.part),
      outcome: { status: 'kept', id: String(verdict.proof), isNew: !isSame },
    }
  }
  return (await transition(context.flow, request.subject, rule)).outcome
}

function tokenRefusal<User>(
  { flow }: HeldContext<User>,
  row: SubjectState,
  now: Instant,
  { epoch, grantId }: SetUpToken,
  isElsewhere: boolean,
): Refusal | null {
  if (row.epoch !== epoch) {
    const isNew = grantId === null && (isElsewhere || isHeldInRow(flow, row))
    return refusal(isNew ? 'second_factor_required' : 'setup_expired')
  }
  return enrolmentRefusal(flow, row, now, grantId, isElsewhere)
}

async function rowOf<User>({ flow }: HeldContext<User>, subject: string): Promise<SubjectState> {
  return (await readState(flow, subject)) ?? newSubject(subject, 0, flow.clock())
}
