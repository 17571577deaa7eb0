/** Puts together the second factor of this application. */

import {
  allEvents,
  createSecondFactor,
  recoveryCodes,
  totp,
  type AuditLog,
  type CountStore,
  type LimitsOptions,
  type PolicyOptions,
  type SecondFactor,
  type StateStore,
} from 'passport-second-factor'
import { passkeys } from 'passport-second-factor/passkey'

import { isNamed, type Address } from './address.js'
import { inVariables } from './environment.js'
import { operatorsLog } from './log.js'
import { metrics } from './operations.js'
import type { Provider } from './providers.js'
import type { Settings } from './settings.js'
import type { AppUser, Users } from './users.js'

/** The application's name in messages and on pages. */
export const appName = 'Pennywort'

export interface SecondFactorParts {
  readonly settings: Settings
  readonly address: Address
  readonly policy: PolicyOptions
  readonly limits: LimitsOptions | undefined
  readonly provider: Provider
  readonly store: StateStore
  /** Counts events, for the operators' pages. */
  readonly counts: CountStore
  /** Records the actions of operators, and their reasons. */
  readonly audit: AuditLog
  readonly users: Users
}

export function createExampleSecondFactor(parts: SecondFactorParts): SecondFactor<AppUser> {
  const { settings, address, policy, limits, provider, store, counts, audit, users } = parts
  const { publicUrl } = settings
  const host = publicUrl?.hostname ?? ''
  const autofillHost = isNamed(host) ? host : undefined
  const variables = { ': ': 'PUBLIC_URL: ', '.autofillHost': 'the host of PUBLIC_URL' }
  return inVariables('message', variables, () =>
    createSecondFactor<AppUser>({
      ...provider.codes,
      // Factors in order of preference; codes to a phone come last.
      factors: [...(address.passkeys ? [passkeys(address.passkeys)] : []), totp(), recoveryCodes()],
      enrolment: { when: 'required', graceSeconds: 0 },
      // "Don't ask me again on this device": for 30 days, the password alone logs in there. The standards that this
      // application otherwise follows require two factors at each login (AAL2), and such a session has only one (AAL1),
      // which is why the option must be accepted by name. It opens the account; transfers, a new password and new
      // factors still need a second factor. `revoke`, which a change of the password calls, ends the trust.
      trustedDevices: { days: 30, acceptAal1: true, cookie: { secure: address.isSecure } },
      secret: settings.secondFactorSecret,
      store,
      policy,
      limits,
      appName,
      loginPath: '/login',
      logoutPath: '/logout',
      defaultReturnTo: '/account',
      origins: publicUrl === null ? [] : [publicUrl.origin],
      message: { autofillHost },
      pages: {
        stylesheet: '/tokens.css',
        logo: { path: '/logo.svg', width: 140, height: 32 },
      },
      events: allEvents(operatorsLog, metrics),
      operations: { counts },
      audit,
      users: {
        id: (user) => user.id,
        label: (user) => user.username,
        phone: ({ phone, phoneVerified }) => phone && { number: phone, verified: phoneVerified },
        setVerifiedPhone: (user, phone) => users.setVerifiedPhone(user, phone),
        findByPhone: (phone) => users.findByPhone(phone),
        // Redis may lose a row. This record that the user has a factor then keeps the password alone from being enough.
        hasFactors: (user) => users.hasFactors(user),
        setHasFactors: (user, has) => users.setHasFactors(user, has),
      },
    }),
  )
}
