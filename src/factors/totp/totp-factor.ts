/** The factor for authenticator apps: an app computes codes from a shared secret and the time. */

import { refusal, type Refusal } from '../../core/refusal.js'
import type { SubjectState } from '../../core/state.js'
import type { HeldParts } from '../../ports/enrolment.js'
import type { Factor } from '../../ports/factor.js'
import type { FactorPage, PageRequest } from '../../ports/factor-page.js'
import type { FactorDefinition } from '../../ports/factor-tools.js'
import type { TotpContext } from './context.js'
import { importedPart, totpEnrolment } from './enrol.js'
import './events.js'
import { resolveTotpOptions, type TotpOptions } from './options.js'
import { totpPage } from './pages/code-page.js'
import { codeLength } from './rules/codes.js'
import { judgeCode } from './rules/judge.js'
import { kind, method, partOf, readPart, type TotpPart } from './rules/part.js'
import { openSecret, sealSecret } from './rules/secret.js'
import { readTypedCode } from './typed-code.js'

/**
 * Codes of authenticator apps (RFC 6238). The secrets are stored encrypted in the user's row.
 *
 * @throws ConfigurationError from `createSecondFactor`, for an invalid option.
 * @example
 * createSecondFactor({ secret, store, users, appName: 'Example', factors: [totp()] })
 */
export function totp<User = Express.User>(options: TotpOptions = {}): FactorDefinition<User> {
  return { create: (tools) => totpFactor(resolveTotpOptions(options, tools)) }
}

/** Makes the factor from its dependencies. */
export function totpFactor<User>(context: TotpContext): Factor<User> {
  const isUsable = usableTeller(context)
  return {
    kind,
    method,
    amr: ['otp', 'mfa'],
    isGuessable: true,
    isPhishingResistant: false,
    isAvailable: async (_user, row) => isUsable(await row()),
    readEvidence: readTypedCode,
    judge: (row, now, attempt) => judgeCode(context, row, now, attempt),
    // A row with an app is kept anyway. A part without one is not needed.
    keepUntil: () => 0,
    importSecret: (subject, now, secret, name) => importedPart(context, subject, now, secret, name),
    reseal: (row) => resealed(context, row),
    held: heldParts(context),
    enrolment: totpEnrolment(context),
    words: ({ texts }) => texts.totp,
    pageNames: ['totp', 'totp-set-up'],
    page: (request) => Promise.resolve(codePage(request, isUsable(request.row))),
  }
}

function heldParts({ seal }: TotpContext): HeldParts {
  return {
    items(row) {
      const part = partOf(row)
      if (part === null) return []
      const { id, name, addedAt, usedAt } = part
      const usable = openSecret(seal, row.subject, part) !== null
      return [{ id, kind, name, addedAt, usedAt, usable }]
    },
    remove: (stored, id) => (readPart(stored)?.id === id ? {} : stored),
    rename(stored, id, name) {
      const part = readPart(stored)
      return part?.id === id ? { ...part, name } : stored
    },
  }
}

/** The part, sealed under the issuing secret; `null` if it already is, or cannot be opened. */
function resealed({ seal }: TotpContext, row: SubjectState): TotpPart | null {
  const part = partOf(row)
  if (part === null || part.sealedBy === seal.keyId) return null
  const secret = openSecret(seal, row.subject, part)
  return secret === null ? null : { ...part, ...sealSecret(seal, row.subject, part.id, secret) }
}

function codePage<User>({ row, passed, returnTo }: PageRequest<User>, usable: boolean): FactorPage {
  const page = totpPage({ name: 'totp', codeLength, usable, passed, returnTo })
  return { page, refusal: usable || passed ? null : missing(row) }
}

function missing(row: SubjectState): Refusal {
  return refusal(partOf(row) === null ? 'factor_not_enrolled' : 'factors_lost')
}

/**
 * Returns a function that checks if a row's app can be judged, and emits `factor_unreadable` once per missing secret.
 */
function usableTeller({ seal, emit }: TotpContext): (row: SubjectState) => boolean {
  const told = new Set<string>()
  return (row) => {
    const part = partOf(row)
    if (part === null) return false
    if (openSecret(seal, row.subject, part) !== null) return true
    const keyId = part.sealedBy
    if (!told.has(keyId)) {
      told.add(keyId)
      emit({ type: 'factor_unreadable', subject: row.subject, kind, keyId })
    }
    return false
  }
}
