/** The built-in factors. Only this file and the public root know them by name. */

import type { Router } from 'express'

import { actionFacts, type ActionFacts, type ActionOptions } from './core/admin.js'
import { ConfigurationError } from './core/errors.js'
import type { PhoneContext } from './factors/phone/context.js'
import type { Recorder } from './factors/phone/limits/send-limits.js'
import {
  phoneDirectoryNames,
  phoneOptionNames,
  type PhoneFactorOptions,
} from './factors/phone/options.js'
import type { ChallengePage, PhonePage } from './factors/phone/pages/models.js'
import { phoneFactor, type PhoneStatus } from './factors/phone/phone-factor.js'
import type { PhoneDirectory } from './factors/phone/ports/phone-directory.js'
import { checkedSources, receiptRoutes } from './factors/phone/receipt-routes.js'
import type { Channel } from './factors/phone/rules/part.js'
import type { PhoneChallengeView } from './factors/phone/rules/view.js'
import { verificationRoutes } from './factors/phone/verification-routes.js'
import type { PasskeyPage, PasskeySetUpPage } from './factors/passkeys/pages/models.js'
import type { RecoveryCodesPage, RecoveryPage } from './factors/recovery-codes/pages/models.js'
import type { TotpPage, TotpSetUpPage } from './factors/totp/pages/models.js'
import type { View } from './pages/page.js'
import type { Factor } from './ports/factor.js'
import type { FactorTools } from './ports/factor-tools.js'
import type { ReadLimitUsage } from './ports/limit-usage.js'
import type { OpenRoute, Webhook } from './ports/open-route.js'
import type { UserDirectory } from './ports/user-directory.js'

/** Callbacks about users for the built-in factors. */
export interface ShippedDirectory<User> extends PhoneDirectory<User> {}

/** Options of the built-in factors. */
export interface ShippedOptions<User> extends Omit<PhoneFactorOptions<User>, 'users'> {}

/** The names of these options. */
export const shippedOptionNames = phoneOptionNames

/** The names of these callbacks. */
export const shippedDirectoryNames = phoneDirectoryNames

/** Views for the pages of the built-in factors. */
export interface ShippedViews {
  readonly challenge?: View<ChallengePage> | undefined
  readonly phone?: View<PhonePage> | undefined
  readonly totp?: View<TotpPage> | undefined
  readonly 'totp-set-up'?: View<TotpSetUpPage> | undefined
  readonly passkey?: View<PasskeyPage> | undefined
  readonly 'passkey-set-up'?: View<PasskeySetUpPage> | undefined
  readonly recovery?: View<RecoveryPage> | undefined
  readonly 'recovery-codes'?: View<RecoveryCodesPage> | undefined
}

/** Options of `start` for the built-in factors. */
export interface ShippedStartOptions {
  /**
   * The channel for the code. Refused with `malformed_request` if it is not configured, or not allowed for this user.
   *
   * @default the running challenge's channel, else the first configured
   */
  readonly channel?: Channel | undefined
}

/** A running challenge of a built-in factor. */
export type ShippedChallengeView = PhoneChallengeView

/** Facts of the built-in factors in `status`. Those of the phone are absent if the phone is not configured. */
export interface ShippedStatus extends PhoneStatus {}

/** Operator calls for the built-in factors. */
export interface ShippedCalls<User> {
  /**
   * Imports an authenticator app that another system enrolled, in place of the user's current one, and ends every
   * grant. `secret` is in base32, as speakeasy, otplib and better-auth store it, and has 80 to 512 bits. The app must
   * use 6 digits, 30 seconds and HMAC-SHA-1.
   *
   * @throws ConfigurationError if `totp()` is not configured, or the secret is invalid.
   * @example
   * for (const user of await User.findAll()) await secondFactor.importTotp(user, user.otpSecret)
   */
  importTotp(user: User, secret: string, options?: ImportOptions): Promise<void>
}

/** The options of `importTotp`. */
export interface ImportOptions extends ActionOptions {
  /**
   * The name of the app in the user's list of factors.
   *
   * @default the option `name` of `totp()`
   */
  readonly name?: string | undefined
}

/** Makes these calls from a function that imports a secret of any kind. */
export function shippedCalls<User>(
  importSecret: (
    user: User,
    secret: { readonly kind: string; readonly secret: string; readonly name: string | null },
    by: ActionFacts,
  ) => Promise<void>,
): ShippedCalls<User> {
  return {
    async importTotp(user, secret, options = {}) {
      const by = actionFacts('importTotp', options, ['name'])
      await importSecret(user, { kind: 'totp', secret, name: options.name ?? null }, by)
    },
  }
}

/** Routers of the built-in factors for requests without a login. */
export interface ShippedRouters {
  /**
   * Endpoints that verify a phone, for applications without a login. Mount them at `/otp`.
   *
   * @throws ConfigurationError if `users.findByPhone` or `users.setVerifiedPhone` is missing.
   */
  phoneVerificationRouter(): Router

  /**
   * Endpoints for delivery reports from the vendors in `receipts`: `POST {path}/{name of the source}`. Mount it before
   * body parsers and sessions, such as at `/receipts`.
   *
   * @throws ConfigurationError without the option `receipts`.
   */
  receiptsRouter(): Router
}

/** Operator calls about limits on messages. */
export interface ShippedLimits {
  /**
   * Returns the usage of the limits that users share, and the number of codes entered per country; `null` without the
   * option `limits`.
   *
   * @throws StoreUnavailableError if the counts fail or time out.
   * @example
   * const full = (await secondFactor.limitUsage())?.limits.filter(({ used, limit }) => used >= limit)
   */
  readonly limitUsage: ReadLimitUsage

  /**
   * Deletes what `limits` have counted about one phone, in E.164: messages to it, and reports on them. For operators, when
   * somebody asks to be forgotten; `forget(user)` leaves these counts.
   *
   * The phone's limits start again from nothing, so it may be sent as many messages as a phone that was never used. Never
   * let users call it. Counts that it shares with others stay: those of its prefix, country and network, and of all
   * messages. So do those under a secret that was removed, which expire within 8 days. A message sent at the same time, or
   * a report that comes later, is counted again.
   *
   * With the option `audit`, the call is recorded before anything is deleted. The entry's subject is `tel:` and the phone,
   * as a pseudonym.
   *
   * @throws ConfigurationError without the option `limits`, for a phone that is not E.164, and if the counts are a
   * `CountStore` of your own without `forget`.
   * @throws AuditUnavailableError if the call cannot be recorded. Nothing is then deleted.
   * @throws StoreUnavailableError if the counts fail or time out. Call it again; some of the counts may be deleted.
   * @example
   * const by = { actor: 'maria', reason: 'erasure request 4711' }
   * await secondFactor.forget(user, by)
   * await secondFactor.forgetPhone('+237671234567', by)
   */
  forgetPhone(phone: string, action?: ActionOptions): Promise<void>
}

/** Makes routers from endpoints. */
export interface RouterMaker {
  readonly open: (routes: readonly OpenRoute[]) => Router
  readonly webhooks: (webhooks: readonly Webhook[]) => Router
}

/** The configured built-in factors. */
export interface Shipped<User> {
  /** Preferred first. */
  readonly factors: readonly Factor<User>[]
  routers(make: RouterMaker): ShippedRouters
  /** `record` writes an operator's action to the audit log before it is done. */
  limits(record: Recorder): ShippedLimits
}

/**
 * Makes the built-in factors. The phone is one if there is a sender or a verifier.
 *
 * @throws ConfigurationError naming the invalid option and how to fix it.
 */
export function createShipped<User>(
  options: ShippedOptions<User> & { readonly users: UserDirectory<User> & ShippedDirectory<User> },
  tools: FactorTools,
): Shipped<User> {
  const sources = checkedSources(options.receipts)
  const isConfigured = options.sender !== undefined || options.verifier !== undefined
  const phone = isConfigured ? phoneFactor(options, tools) : null
  return {
    factors: phone === null ? [] : [phone.factor],
    limits: (record) => ({
      limitUsage: (usageOptions) =>
        phone?.context.limits?.usage(usageOptions) ?? Promise.resolve(null),
      async forgetPhone(number, action) {
        const by = actionFacts('forgetPhone', action)
        const limits = phone?.context.limits ?? null
        if (limits !== null) return limits.forgetPhone(number, by, record)
        throw new ConfigurationError('forgetPhone() needs the option limits', 'limits')
      },
    }),
    routers: ({ open, webhooks }) => ({
      phoneVerificationRouter: () =>
        open(verificationRoutes(needPhone(phone?.context, 'phoneVerificationRouter'))),
      receiptsRouter() {
        if (sources.length > 0) {
          return webhooks(receiptRoutes(needPhone(phone?.context, 'receiptsRouter'), sources))
        }
        throw new ConfigurationError(
          'receiptsRouter() needs the option receipts, such as [twilioReceipts({ … })]',
          'receipts',
        )
      },
    }),
  }
}

function needPhone<User>(
  context: PhoneContext<User> | undefined,
  caller: string,
): PhoneContext<User> {
  if (context !== undefined) return context
  throw new ConfigurationError(`${caller}() needs the option sender or verifier`, 'sender')
}
