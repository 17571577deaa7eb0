/** The phone factor's part of the operators' page. */

import { isRefusal } from '../../core/refusal.js'
import type { FactorInsight } from '../../ports/insight.js'
import type { PhoneContext } from './context.js'
import { countryCodes } from './countries.js'

/**
 * The countries of phones, the limits on messages, and a search by phone if the application has `users.findByPhone`.
 */
export function phoneInsight(context: PhoneContext<never>): FactorInsight {
  const { limits, users, parsePhone } = context
  const insight: FactorInsight = {
    countries: countryCodes,
    limits: async () => (await limits?.used()) ?? [],
  }
  if (!users.findsUsers) return insight
  return {
    ...insight,
    lookUp: {
      by: 'phone',
      async find(text) {
        const phone = parsePhone(text)
        return isRefusal(phone) ? null : ((await users.byPhone(phone.number))?.subject ?? null)
      },
    },
  }
}
