/** The factor for passkeys and security keys. Their keys sign for one domain only, so another site cannot use them. */

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

/** Enough for a credential id of 1,023 bytes and an RSA key, with the JSON form-encoded. */
const maxBodyBytes = 16_384

/** The data that a client needs to ask for a passkey. */
export interface PasskeyChallengeView extends ChallengeView {
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`. */
  readonly options: RequestOptions
}

/**
 * Passkeys and security keys (WebAuthn), bound to `rpId`. They require the package `@simplewebauthn/server`. A lock
 * does not block them, because they cannot be guessed.
 *
 * @throws ConfigurationError from `createSecondFactor`, for an invalid option.
 * @example
 * createSecondFactor({ secret, store, users, factors: [passkeys({ rpId: 'example.com' }), totp(), recoveryCodes()] })
 */
export function passkeys<User = Express.User>(options: PasskeysOptions): FactorDefinition<User> {
  return { create: (tools) => passkeyFactor(resolvePasskeysOptions(options, tools)) }
}

/** Makes the factor from its dependencies. */
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
    // A row with a passkey is kept anyway. A part without one is not needed.
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

/** The options of a sign-in; `null` if the user has no passkey, or the session has no key to bind a challenge to. */
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
    // Another tab of the session passed, which ended the challenge of this one.
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
