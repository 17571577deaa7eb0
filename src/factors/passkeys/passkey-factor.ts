/** Passkeys and security keys as a factor: a key that signs for one domain alone, so that no other page can use it. */

import { refusal, type Refusal } from '../../core/refusal.js'
import { secondsUntil, type ChallengeView } from '../../core/view.js'
import { after, type Instant } from '../../core/state.js'
import type { HeldParts } from '../../ports/enrolment.js'
import type { AskRequest } from '../../ports/attempt.js'
import type { Factor } from '../../ports/factor.js'
import type { FactorPage, PageRequest } from '../../ports/factor-page.js'
import type { FactorDefinition } from '../../ports/factor-tools.js'
import { requestOptions, type RequestOptions } from './ceremony-options.js'
import { checkAssertion } from './check-assertion.js'
import type { PasskeysContext } from './context.js'
import { passkeyEnrolment } from './enrol.js'
import './events.js'
import { resolvePasskeysOptions, type PasskeysOptions } from './options.js'
import { passkeyPage } from './pages/ask-page.js'
import { signalSection } from './pages/signal-section.js'
import { readAssertion } from './read-credential.js'
import { statuses } from './refusals.js'
import { challengeSeconds, newChallenge } from './rules/challenge.js'
import { judgeAssertion, type CheckedAssertion, type PasskeyProof } from './rules/judge.js'
import { keysOf, kind, method, readPart, withKeys } from './rules/part.js'
import { script } from './script.js'

/** A body with an id of 1,023 bytes, an RSA key, and what a form adds to its quotes. */
const maxBodyBytes = 16_384

/** What a client needs to ask for a passkey. */
export interface PasskeyChallengeView extends ChallengeView {
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`. */
  readonly options: RequestOptions
}

/**
 * Passkeys and security keys (WebAuthn), bound to `rpId`. They need the package `@simplewebauthn/server`, and pass a lock,
 * since nobody can guess them.
 *
 * @throws ConfigurationError from `createSecondFactor`, for an option that cannot be used.
 * @example
 * createSecondFactor({ secret, store, users, factors: [passkeys({ rpId: 'example.com' }), totp(), recoveryCodes()] })
 */
export function passkeys<User = Express.User>(options: PasskeysOptions): FactorDefinition<User> {
  return { create: (tools) => passkeyFactor(resolvePasskeysOptions(options, tools)) }
}

/** The factor that works with this context. */
export function passkeyFactor<User>(context: PasskeysContext): Factor<User> {
  const { emit } = context
  return {
    kind,
    method,
    amr: ['pop', 'user', 'mfa'],
    isGuessable: false,
    isPhishingResistant: true,
    isAvailable: async (_user, row) => keysOf(await row()).length > 0,
    ask: (request) => Promise.resolve(challengeFor(context, request)),
    readEvidence: readAssertion,
    examine: (row, now, attempt) => checkAssertion(context, row, now, attempt),
    judge: (row, now, { examined }) =>
      judgeAssertion(row, now, (examined ?? null) as CheckedAssertion | null),
    complete({ subject, purpose, proof }) {
      const reason = purpose === 'sign-in' ? (proof as PasskeyProof).suspicion : null
      if (reason !== null) emit({ type: 'passkey_suspicious', subject, reason, accepted: true })
      return Promise.resolve({ status: 'completed' })
    },
    // What is held stays until it is removed, and what is left after that says nothing.
    keepUntil: () => 0,
    held,
    enrolment: passkeyEnrolment(context),
    manage: signalSection(context),
    words: ({ texts }) => texts.passkey,
    isAudited: ({ type }) => type === 'passkey_suspicious' || type === 'passkey_origin_mismatch',
    pageNames: ['passkey', 'passkey-set-up'],
    page: (request) => Promise.resolve(askPage(context, request)),
    maxBodyBytes,
    scripts: [script],
    statuses,
    sentence(code, { texts }) {
      const sentences: Readonly<Partial<Record<string, string>>> = texts.passkey.refusals
      return sentences[code]
    },
  }
}

type Asking = Pick<AskRequest<unknown>, 'row' | 'now' | 'sessionKey'>

/** The options of a sign-in; `null` where the user has no passkey, or the session nothing to bind a challenge to. */
function optionsFor(
  context: PasskeysContext,
  { row, now, sessionKey }: Asking,
): RequestOptions | null {
  const keys = keysOf(row)
  if (keys.length === 0 || sessionKey === null) return null
  const binding = { purpose: 'sign-in', subject: row.subject, sessionKey } as const
  return requestOptions(context, newChallenge(context.keys(), binding, now), keys)
}

function challengeFor(context: PasskeysContext, asking: Asking): PasskeyChallengeView | Refusal {
  const options = optionsFor(context, asking)
  if (options === null) return refusal('factor_not_enrolled')
  const until: Instant = after(asking.now, challengeSeconds)
  return {
    ...{ status: 'pending', method, options },
    expiresAt: new Date(until),
    expiresInSeconds: secondsUntil(until, asking.now),
  }
}

function askPage(context: PasskeysContext, request: PageRequest<unknown>): FactorPage {
  const { passed, returnTo } = request
  const options = passed ? null : optionsFor(context, request)
  const page = passkeyPage({ name: 'passkey', options, passed, returnTo })
  const isMissing = options === null && !passed
  return {
    page,
    refusal: isMissing ? refusal('factor_not_enrolled') : null,
    // Another tab of the session has passed, and with that the challenge of this one was over.
    ...(passed ? { answers: ['passkey_rejected'] } : {}),
  }
}

const held: HeldParts = {
  items: (row) =>
    keysOf(row).map(({ id, name, addedAt, usedAt }) => ({
      ...{ id, kind, name, addedAt, usedAt },
      usable: true,
    })),
  remove(stored, id) {
    const part = readPart(stored)
    if (part === null) return stored
    return withKeys(
      part,
      part.keys.filter((key) => key.id !== id),
    )
  },
  rename(stored, id, name) {
    const part = readPart(stored)
    if (part === null) return stored
    return withKeys(
      part,
      part.keys.map((key) => (key.id === id ? { ...key, name } : key)),
    )
  },
}
