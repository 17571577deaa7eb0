/** The price of a message, in millionths of a currency. */

import { ConfigurationError } from '../../../core/errors.js'
import { isCountry } from '../phone-number.js'
import type { Channel } from '../rules/part.js'
import type { Origin } from '../phone-number.js'
import type { SpendRuleOptions } from './rules.js'

/** The price of a message to a phone, in millionths of the currency. */
export type Price = (phone: string, channel: Channel, origin: Origin) => number

/** A higher price is a mistake, and sums of it would no longer be exact. */
const dearest = 1_000

/**
 * Makes the price function from the option `price`. A country that is not listed costs the price of `*`, or else the
 * highest listed price, because no spending must go uncounted.
 *
 * @throws ConfigurationError for an invalid list. If a function returns no valid price for a message, the highest
 *   price it has returned counts.
 */
export function priceOf(price: SpendRuleOptions['price']): Price {
  if (typeof price === 'function') {
    let highest = millionthsOf(1)
    return (phone, channel) => {
      const cost = asked(price, phone, channel)
      if (cost === null) return highest
      highest = Math.max(highest, cost)
      return cost
    }
  }
  const given: unknown = price
  const entries = typeof given === 'object' && given !== null ? Object.entries(price) : []
  const isList =
    entries.length > 0 && entries.every(([name, cost]) => isNamed(name) && isPrice(cost))
  if (!isList) {
    throw new ConfigurationError(
      "limits.rules.spend.price must be a function, or prices by country such as { US: 0.008, '*': 0.12 }",
      'limits.rules.spend.price',
    )
  }
  const prices = new Map(entries.map(([name, cost]) => [name, millionthsOf(cost)]))
  const others = prices.get('*') ?? Math.max(...prices.values())
  return (_phone, _channel, { country, callingCode }) =>
    prices.get(country ?? callingCode) ?? others
}

/** The price that the application's function returns; `null` if it is invalid. */
function asked(
  price: (phone: string, channel: Channel) => number,
  phone: string,
  channel: Channel,
): number | null {
  try {
    const cost: unknown = price(phone, channel)
    return isPrice(cost) ? millionthsOf(cost) : null
  } catch {
    return null
  }
}

function isNamed(name: string): boolean {
  return name === '*' || isCountry(name)
}

function isPrice(cost: unknown): cost is number {
  return typeof cost === 'number' && cost >= 0 && cost <= dearest
}

function millionthsOf(cost: number): number {
  return Math.round(cost * 1_000_000)
}
