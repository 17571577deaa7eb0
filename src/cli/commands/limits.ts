/** `limits`: the usage of the limits on messages. */

import type { CountryUse, UsedLimit } from '../../ports/limit-usage.js'
import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'
import { table } from '../output.js'

/** Shows the usage of the shared limits. */
export const limits: Command = {
  summary: 'Shows how much of the limits on messages is used, and the messages per country.',
  operands: [],
  options: {
    hours: { value: 'hours', means: 'the hours to count for countries (default 24)' },
    country: {
      value: 'codes',
      means: 'further countries besides those with a limit, such as CM,IN',
    },
    prefix: { value: 'digits', means: 'prefixes, which are phones without their last four digits' },
  },
  needsConfig: true,
  async run({ values }, { secondFactor }) {
    const hours = hoursOf(values['hours'] ?? '24')
    const usage = await secondFactor.limitUsage?.({
      hours,
      countries: listOf('country', values['country'], /^(?:[A-Z]{2}|\+\d{3})$/),
      prefixes: listOf('prefix', values['prefix'], /^\+[1-9]\d{2,10}$/),
    })
    if (usage === null || usage === undefined) {
      throw new CommandLineError(
        'refused',
        'the second factor has no limits; set the option limits',
      )
    }
    return { json: { hours, ...usage }, lines: linesOf(usage.limits, usage.countries, hours) }
  },
}

function linesOf(
  used: readonly UsedLimit[],
  countries: readonly CountryUse[],
  hours: number,
): string[] {
  const limitRows = used.map(({ rule, counter, window, ...numbers }) => {
    const [before, most] = [numbers.used, numbers.limit].map((each) => amount(each, numbers))
    const isFull = numbers.used >= numbers.limit
    return [rule, counter, window, before ?? '', most ?? '', isFull ? 'FULL' : '']
  })
  const countryRows = countries.map(({ country, sent, verified }) => {
    const share = sent === 0 ? '-' : `${Math.round((100 * Math.min(sent, verified)) / sent)} %`
    return [country, String(sent), String(verified), share]
  })
  if (limitRows.length + countryRows.length === 0) {
    return ['no shared limit is configured; give --country or --prefix']
  }
  return [
    ...(limitRows.length > 0
      ? table([['rule', 'counter', 'window', 'used', 'limit', ''], ...limitRows])
      : []),
    ...(countryRows.length > 0
      ? table([['country', `sent in ${hours} h`, 'verified', 'share'], ...countryRows])
      : []),
  ]
}

/** Formats a number of messages, or money. */
function amount(value: number, { currency }: Pick<UsedLimit, 'currency'>): string {
  return currency === null ? String(value) : `${value.toFixed(2)} ${currency}`
}

function hoursOf(text: string | boolean): number {
  const hours = /^\d{1,3}$/.test(String(text)) ? Number(text) : 0
  if (hours >= 1 && hours <= 336) return hours
  throw new CommandLineError('usage', '--hours takes a whole number from 1 to 336')
}

function listOf(
  option: string,
  text: string | boolean | undefined,
  shape: RegExp,
): readonly string[] {
  if (text === undefined) return []
  const list = String(text).split(',')
  if (list.every((each) => shape.test(each))) return list
  const example = option === 'country' ? 'CM,IN' : '+23767123'
  throw new CommandLineError('usage', `--${option} takes a list such as ${example}`)
}
