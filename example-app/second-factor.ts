/** The second factor of this application: where its parts are put together. */

import {
  createSecondFactor,
  type EventSink,
  type PolicyOptions,
  type SecondFactor,
  type StateStore,
} from 'passport-second-factor'

import { inVariables } from './environment.js'
import type { Provider } from './providers.js'
import type { Settings } from './settings.js'
import type { AppUser, Users } from './users.js'

/** The application's name in messages and on pages. */
export const appName = 'Pennywort'

export interface SecondFactorParts {
  readonly settings: Settings
  readonly policy: PolicyOptions
  readonly provider: Provider
  readonly store: StateStore
  readonly users: Users
}

export function createExampleSecondFactor(parts: SecondFactorParts): SecondFactor<AppUser> {
  const { settings, policy, provider, store, users } = parts
  const { publicUrl } = settings
  // Browsers fill a code in by the name of a host; an address has none.
  const host = publicUrl?.hostname ?? ''
  const autofillHost = /^[\d.]+$|^\[|^$/.test(host) ? undefined : host
  const variables = { ': ': 'PUBLIC_URL: ', '.autofillHost': 'the host of PUBLIC_URL' }
  return inVariables('message', variables, () =>
    createSecondFactor<AppUser>({
      ...provider.codes,
      secret: settings.secondFactorSecret,
      store,
      policy,
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
      events: operatorsLog,
      users: {
        id: (user) => user.id,
        phone: ({ phone, phoneVerified }) => phone && { number: phone, verified: phoneVerified },
        setVerifiedPhone: (user, phone) => users.setVerifiedPhone(user, phone),
        findByPhone: (phone) => users.findByPhone(phone),
      },
    }),
  )
}

/** Logs what an operator should look at. Events carry neither codes nor whole phone numbers. */
const operatorsLog: EventSink = {
  emit(event) {
    if (event.type === 'delivery_failed' || event.type === 'locked') {
      console.warn(JSON.stringify(event))
    }
  },
}
