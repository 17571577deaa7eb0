/** Checks the options of `createSecondFactor` beyond what it rejects itself. */

import { maskedSubject } from '../../core/subject.js'
import type { CommandLineConfig } from '../config.js'
import { phoneOptionsOf, type SenderUnderCheck } from '../phone-options.js'
import { finding, type Finding } from './finding.js'

/** Checks the options. Those that cannot work were rejected when the configuration was loaded. */
export function checkOptions(
  { options }: CommandLineConfig,
  isProduction: boolean,
): readonly Finding[] {
  if (options === undefined) {
    const text =
      'not checked: give the options of createSecondFactor in the configuration, as options'
    return [finding('warn', 'options', text)]
  }
  const { audit, events, store } = options
  const { phone, sender, verifier, limits } = phoneOptionsOf(options)
  const hasPhone = sender !== undefined || verifier !== undefined
  const found: Finding[] = []
  if (hasPhone && phone?.allowedCountries === undefined) {
    const text =
      "not set: messages may go to every country, at your cost; list your users' countries"
    found.push(finding('warn', 'phone.allowedCountries', text))
  }
  if (hasPhone && limits === undefined) {
    found.push(finding('warn', 'limits', 'not set: the hourly cost of messages has no limit'))
  }
  if (audit === undefined) {
    const text =
      'not set: there is no record of which operator let whom in; give sequelizeAudit({ sequelize })'
    found.push(finding('warn', 'audit', text))
  }
  if (events === undefined) {
    found.push(
      finding('warn', 'events', 'not set: only faults are printed; give logEvents(logger)'),
    )
  }
  if (isProduction && store?.mayForget === true && store.prune !== undefined) {
    const text = 'is in memory: a restart loses every lock, and other processes cannot see any'
    found.push(finding('fail', 'store', text))
  }
  return found.length > 0 ? found : [finding('ok', 'options', 'valid')]
}

/** Checks the return value of `users.phone` for the user that `--user` names. */
export async function checkPhoneOf(
  { options, findUser }: CommandLineConfig,
  id: string | boolean | undefined,
): Promise<readonly Finding[]> {
  const phoneOf = phoneOptionsOf(options).users?.phone
  if (typeof id !== 'string' || phoneOf === undefined) return []
  const about = 'users.phone'
  try {
    const user: unknown = await findUser?.(id)
    if (user === undefined || user === null) {
      return [
        finding(
          'fail',
          about,
          `not checked: there is no user ${JSON.stringify(maskedSubject(id))}`,
        ),
      ]
    }
    const phone: unknown = await phoneOf(user as never)
    if (typeof phone !== 'string')
      return [finding('ok', about, 'returns { number, verified } or null')]
    const text =
      'returns a bare string: limits cannot tell if the phone is verified; return { number, verified }'
    return [finding('warn', about, text)]
  } catch {
    return [finding('fail', about, 'threw for an existing user')]
  }
}

/** Checks with vendors that messages can be sent. Nothing is sent. */
export async function checkVendors({ options }: CommandLineConfig): Promise<readonly Finding[]> {
  const senders: SenderUnderCheck[] = [phoneOptionsOf(options).sender ?? []].flat()
  const found = await Promise.all(
    senders.map(async ({ channel, check }) => {
      if (check === undefined) return finding('warn', channel, 'its sender has no check')
      const { ok, text } = await check()
      return finding(ok ? 'ok' : 'fail', channel, text)
    }),
  )
  if (found.length > 0) return found
  return [finding('warn', 'sender', 'not checked: give options with a sender in the configuration')]
}
