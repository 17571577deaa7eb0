/** The factors that come with the package: the one place that knows them by name, besides the public root. */

import type { Router } from 'express'

import { actionFacts, type ActionFacts, type ActionOptions } from './core/admin.js'
import { ConfigurationError } from './core/errors.js'
import type { PhoneContext } from './factors/phone/context.js'
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

/** Callbacks about users that only these factors need. */
export interface ShippedDirectory<User> extends PhoneDirectory<User> {}

/** Options that only these factors have. */
export interface ShippedOptions<User> extends Omit<PhoneFactorOptions<User>, 'users'> {}

/** The names of those options. */
export const shippedOptionNames = phoneOptionNames

/** The names of those callbacks. */
export const shippedDirectoryNames = phoneDirectoryNames

/** Views in place of the pages of these factors. */
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

/** What `start` takes beside the options of every factor. */
export interface ShippedStartOptions {
  /**
   * How the code is to travel. One that is not configured, or that this user may not choose, is refused as
   * `malformed_request`.
   *
   * @default the running challenge's channel, else the first configured
   */
  readonly channel?: Channel | undefined
}

/** A running challenge of one of these factors. */
export type ShippedChallengeView = PhoneChallengeView

/** What `status` returns beside the facts of every factor. The phone's are absent where no phone is configured. */
export interface ShippedStatus extends PhoneStatus {}

/** Calls for operators that only these factors need. */
export interface ShippedCalls<User> {
  /**
   * Has a user hold an authenticator app that another system has set up, in place of the present one; every grant ends.
   * `secret` is in base32, as speakeasy, otplib and better-auth keep it, of 80 to 512 bits; codes have 6 digits for 30
   * seconds by HMAC-SHA-1.
   *
   * @throws ConfigurationError where `totp()` is not among the factors, or the secret cannot be used.
   * @example
   * for (const user of await User.findAll()) await secondFactor.importTotp(user, user.otpSecret)
   */
  importTotp(user: User, secret: string, options?: ImportOptions): Promise<void>
}

/** How an imported factor is kept. */
export interface ImportOptions extends ActionOptions {
  /**
   * What the user calls it.
   *
   * @default the name that the factor gives
   */
  readonly name?: string | undefined
}

/** Makes these calls out of what imports a secret of any kind. */
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

/** Routers for requests without a login. */
export interface ShippedRouters {
  /**
   * Endpoints that prove control of a phone, for applications without a login; mount them at `/otp`.
   *
   * @throws ConfigurationError where `users` has no `findByPhone` or no `setVerifiedPhone`.
   */
  phoneVerificationRouter(): Router

  /**
   * Endpoints that the vendors of `receipts` report deliveries to: `POST {path}/{name of the source}`. Mount it
   * before body parsers and sessions, at `/receipts` for one.
   *
   * @throws ConfigurationError where there are no `receipts`.
   */
  receiptsRouter(): Router
}

/** Calls for operators about limits on messages. */
export interface ShippedLimits {
  /**
   * Reads how much of the limits that many share is used, and how many codes were entered by country; `null` without
   * the option `limits`.
   *
   * @throws StoreUnavailableError where the counts do not answer.
   * @example
   * const full = (await secondFactor.limitUsage())?.limits.filter(({ used, limit }) => used >= limit)
   */
  readonly limitUsage: ReadLimitUsage
}

/** Turns endpoints into routers. */
export interface RouterMaker {
  readonly open: (routes: readonly OpenRoute[]) => Router
  readonly webhooks: (webhooks: readonly Webhook[]) => Router
}

/** The factors that the options ask for. */
export interface Shipped<User> {
  /** The preferred first. */
  readonly factors: readonly Factor<User>[]
  routers(make: RouterMaker): ShippedRouters
  readonly limits: ShippedLimits
}

/**
 * Makes the factors. The phone is one where something sends codes.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
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
    limits: {
      limitUsage: (usageOptions) =>
        phone?.context.limits?.usage(usageOptions) ?? Promise.resolve(null),
    },
    routers: ({ open, webhooks }) => ({
      phoneVerificationRouter: () =>
        open(verificationRoutes(needPhone(phone?.context, 'phoneVerificationRouter'))),
      receiptsRouter() {
        if (sources.length > 0) {
          return webhooks(receiptRoutes(needPhone(phone?.context, 'receiptsRouter'), sources))
        }
        throw new ConfigurationError(
          'receiptsRouter() needs the option receipts, such as [twilioReceipts({ … })]; give it',
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
  throw new ConfigurationError(`${caller}() needs a sender or a verifier; give one`, 'sender')
}
