/** Checks the options of `createSecondFactor` beyond what it refuses itself. */

import type { CommandLineConfig } from '../config.js'
import { phoneOptionsOf, type SenderUnderCheck } from '../phone-options.js'
import { finding, type Finding } from './finding.js'

/** Checks options. What cannot work at all was refused when the configuration was loaded. */
export function checkOptions(
  { options }: CommandLineConfig,
  isProduction: boolean,
): readonly Finding[] {
  if (options === undefined) {
    const text = 'not checked: give options, those of createSecondFactor, in the configuration'
    return [finding('warn', 'options', text)]
  }
  const { audit, events, store } = options
  const { phone, sender, verifier, limits } = phoneOptionsOf(options)
  const hasPhone = sender !== undefined || verifier !== undefined
  const found: Finding[] = []
  if (hasPhone && phone?.allowedCountries === undefined) {
    const text = 'not set: messages may go to every country, at your cost; name those of your users'
    found.push(finding('warn', 'phone.allowedCountries', text))
  }
  if (hasPhone && limits === undefined) {
    found.push(finding('warn', 'limits', 'not set: nothing bounds what messages cost in an hour'))
  }
  if (audit === undefined) {
    const text =
      'not set: nobody will know which operator let whom in; give sequelizeAudit({ sequelize })'
    found.push(finding('warn', 'audit', text))
  }
  if (events === undefined) {
    found.push(
      finding('warn', 'events', 'not set: only faults are printed; give logEvents(logger)'),
    )
  }
  if (isProduction && store?.mayForget === true && store.prune !== undefined) {
    const text = 'is in memory: a restart forgets every lock, and other processes know of none'
    found.push(finding('fail', 'store', text))
  }
  return found.length > 0 ? found : [finding('ok', 'options', 'createSecondFactor takes them')]
}

/** Checks what `users.phone` says of a user, which `--user` names. */
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
      return [finding('fail', about, `not checked: there is no user ${JSON.stringify(id)}`)]
    }
    const phone: unknown = await phoneOf(user as never)
    if (typeof phone !== 'string')
      return [finding('ok', about, 'says whether the phone is verified')]
    const text =
      'returns a bare string: limits take the phone for stated, not proved; return { number, verified }'
    return [finding('warn', about, text)]
  } catch {
    return [finding('fail', about, 'threw, for a user who exists')]
  }
}

/** Asks vendors whether messages could go out. Nothing is sent. */
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
  return [finding('warn', 'sender', 'not asked: give options with a sender in the configuration')]
}
