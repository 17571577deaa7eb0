/** The factor for recovery codes, a backup for users who cannot use their other factors. */

import { readField, type Fields } from '../../core/fields.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import type { Instant } from '../../core/state.js'
import type { HeldParts } from '../../ports/enrolment.js'
import type { Factor } from '../../ports/factor.js'
import type { FactorPage, FactorSection, PageRequest } from '../../ports/factor-page.js'
import type { FactorDefinition } from '../../ports/factor-tools.js'
import { recoveryEnrolment } from './enrol.js'
import './events.js'
import {
  resolveRecoveryOptions,
  type RecoveryCodesOptions,
  type RecoveryContext,
} from './options.js'
import { recoveryPage } from './pages/code-page.js'
import { codesSection, type CodesSection } from './pages/codes-section.js'
import { readCode } from './rules/codes.js'
import { judgeCode, type RecoveryProof } from './rules/judge.js'
import {
  kind,
  leftIn,
  leftOf,
  method,
  partOf,
  readPart,
  totalOf,
  type RecoveryPart,
} from './rules/part.js'
import { issueTicket } from './ticket.js'

/**
 * Recovery codes of 120 random bits, each valid for one sign-in. They are a backup for another factor. A lock does not
 * block them, because they cannot be guessed.
 *
 * @throws ConfigurationError from `createSecondFactor`, for an invalid option.
 * @example
 * createSecondFactor({ secret, store, users, factors: [totp(), recoveryCodes()] })
 */
export function recoveryCodes<User = Express.User>(
  options: RecoveryCodesOptions = {},
): FactorDefinition<User> {
  return { create: (tools) => recoveryFactor(resolveRecoveryOptions(options, tools)) }
}

/** Makes the factor from its dependencies. */
export function recoveryFactor<User>(context: RecoveryContext): Factor<User> {
  const { policy, clock, emit, tellChange } = context
  return {
    kind,
    method,
    amr: ['otp', 'mfa'],
    isGuessable: false,
    isPhishingResistant: false,
    isBackup: true,
    isAvailable: async (_user, row) => isUsable(partOf(await row()), clock()),
    readEvidence: readTypedCode,
    judge: (row, now, attempt) => judgeCode(policy, row, now, attempt),
    complete({ user, subject, proof, locale }) {
      const { left, isTicket } = proof as RecoveryProof
      emit({ type: 'recovery_code_used', subject, left, isTicket })
      return Promise.resolve({
        status: 'completed',
        afterwards: () => {
          tellChange({ user, subject, change: 'recovery_code_used', kind, locale })
        },
      })
    },
    issueTicket,
    facts(row) {
      const { set } = partOf(row)
      return set === null ? {} : { recoveryCodesLeft: leftOf(set) }
    },
    // A row with a set is kept anyway. Without one, the part is needed until the operator's code, the ticket, expires.
    keepUntil: (stored) => readPart(stored).ticket?.expiresAt ?? 0,
    held,
    enrolment: recoveryEnrolment(context),
    manage,
    words: ({ texts }) => texts.recoveryCodes,
    isAudited: ({ type }) => type === 'recovery_code_used',
    pageNames: ['recovery', 'recovery-codes'],
    page: (request) => Promise.resolve(codePage(request)),
  }
}

/** Reads the code in the field `code`. */
function readTypedCode(fields: Fields): string | Refusal {
  const field = readField(fields, 'code')
  if (isRefusal(field)) return field
  return readCode(field.text) ?? refusal('malformed_request')
}

const held: HeldParts = {
  items(row) {
    const { set } = partOf(row)
    if (set === null) return []
    const { id, addedAt, usedAt } = set
    return [{ id, kind, name: '', addedAt, usedAt, usable: true }]
  },
  remove(stored, id) {
    const part = readPart(stored)
    return part.set?.id === id ? { ...part, held: false, set: null } : stored
  },
}

const manage: FactorSection<unknown> = {
  model({ row }) {
    const { set } = partOf(row)
    return Promise.resolve(set === null ? null : { left: leftOf(set), total: totalOf(set) })
  },
  body: (section, page) => codesSection(section as CodesSection, page),
}

function codePage({ row, now, passed, returnTo }: PageRequest<unknown>): FactorPage {
  const usable = isUsable(partOf(row), now)
  const page = recoveryPage({ name: 'recovery', usable, passed, returnTo })
  return { page, refusal: usable || passed ? null : refusal('factor_not_enrolled') }
}

/** True if the user has an unused code or an unexpired ticket. */
function isUsable(part: RecoveryPart, now: Instant): boolean {
  return leftIn(part) > 0 || (part.ticket !== null && now < part.ticket.expiresAt)
}
