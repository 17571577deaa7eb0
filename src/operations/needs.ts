/** Lists what needs an operator: leaking money, people who cannot get in, and our own faults. */

import type { Health } from '../ports/health.js'
import type { LimitUse } from '../ports/insight.js'
import type { Counted } from './counters.js'
import type { CountryFigures, Figures } from './figures.js'
import { amount, countryName, percent, perWindow, plural, seconds } from './format.js'

/** Something that needs an operator. */
export interface Need {
  readonly level: 'urgent' | 'soon'
  readonly area: 'money' | 'access' | 'us'
  readonly text: string
  /** The next step. */
  readonly next: string
}

/** The facts to judge: the last hour, and the current state. */
export interface Situation {
  /** `null` if there are no counts, or they do not answer. */
  readonly lastHour: Figures | null
  /** Messages by country that had time to be answered. */
  readonly settled: readonly CountryFigures[]
  readonly limits: readonly LimitUse[]
  readonly health: Health
  readonly counts: 'ok' | 'none' | 'unavailable'
}

/** With fewer messages than this, a share means nothing. */
const enough = 20

/** Everything that needs an operator, most urgent first. */
export function needsOf(situation: Situation): readonly Need[] {
  const needs = [...moneyOf(situation), ...accessOf(situation), ...usOf(situation)]
  return needs.toSorted((left, right) => rankOf(left) - rankOf(right))
}

function rankOf({ level }: Need): number {
  return level === 'urgent' ? 0 : 1
}

function need(level: Need['level'], area: Need['area'], text: string, next: string): Need {
  return { level, area, text, next }
}

function moneyOf({ lastHour, settled, limits }: Situation): readonly Need[] {
  const full = limits.filter(({ used, limit }) => used >= limit)
  const near = limits.filter(({ used, limit }) => used < limit && used >= 0.8 * limit)
  const { limited = 0, full: reached = 0 } = lastHour?.counts ?? {}
  return [
    ...settled
      .filter(({ sent, verified }) => sent >= enough && verified < 0.2 * sent)
      .map(({ country, sent, verified }) =>
        need(
          'urgent',
          'money',
          `${amount(sent)} messages to ${countryName(country)} in the last hour, ${percent(verified / sent)} verified.`,
          'This looks like pumping. Unless you have just launched there, deny the country or the prefix in limits.deny.',
        ),
      ),
    ...full.map((use) =>
      need(
        'urgent',
        'money',
        `${limitText(use)}: used up.`,
        `Messages are refused. See the countries below. If people there do verify, raise ${use.option}.`,
      ),
    ),
    ...(limited > 0
      ? [
          need(
            reached > 0 ? 'urgent' : 'soon',
            'money',
            `Limits have refused ${plural(limited, 'message')} in the last hour.`,
            'The log line limit_reached names the prefix, network or country. Deny it in limits.deny if nobody verifies there.',
          ),
        ]
      : []),
    ...near.map((use) =>
      need(
        'soon',
        'money',
        `${limitText(use)}: ${percent(use.used / use.limit)} used.`,
        `Look at the countries below before it is used up. The option is ${use.option}.`,
      ),
    ),
  ]
}

function accessOf({ lastHour, health }: Situation): readonly Need[] {
  const checks = Object.entries(health.checks)
  const failing = checks.filter(([name, { ok }]) => !ok && name !== 'store' && name !== 'counts')
  return [
    ...(health.checks.store.ok
      ? []
      : [
          need(
            'urgent',
            'access',
            'The state store does not answer: nobody can pass.',
            'Look at its database. Sessions that have passed are stopped too, until it is back.',
          ),
        ]),
    ...failing.map(([name, { lastOutcome }]) =>
      need(
        'urgent',
        'access',
        `The ${name} does not work in this process${lastOutcome ? `: the last outcome was ${lastOutcome}` : ''}.`,
        'Look at the status page of the vendor, and at the log line delivery_failed.',
      ),
    ),
    ...(lastHour === null ? [] : accessInHour(lastHour)),
  ]
}

function accessInHour({ counts, p90 }: Figures): readonly Need[] {
  const { sent, unsure, rejected, misconfigured, verified, locked, undelivered } = counts
  const tries = sent + unsure + rejected + misconfigured
  const failed = unsure + rejected
  return [
    ...(tries >= 10 && failed >= 0.2 * tries
      ? [
          need(
            failed >= 0.5 * tries ? 'urgent' : 'soon',
            'access',
            `${percent(failed / tries)} of the messages of the last hour were not sent, or perhaps not.`,
            'Look at the status page of the vendor. With failoverSender, a second vendor takes over messages that were certainly not sent.',
          ),
        ]
      : []),
    ...(undelivered >= 10 && undelivered >= 0.2 * sent
      ? [
          need(
            'soon',
            'access',
            `${plural(undelivered, 'message')} of the last hour did not arrive, the vendor reports.`,
            'The log line delivery_reported has the vendor’s code.',
          ),
        ]
      : []),
    ...(verified >= enough && p90 !== null && p90 > 60
      ? [
          need(
            'soon',
            'access',
            `One person in ten waits more than ${seconds(p90)} for a code.`,
            'Messages are slow: look at the status page of the vendor, and offer a factor that needs no message.',
          ),
        ]
      : []),
    ...(locked >= 5
      ? [
          need(
            'soon',
            'access',
            `${plural(locked, 'lock')} in the last hour.`,
            'If people call, look them up here. Many locks without calls mean that somebody is guessing.',
          ),
        ]
      : []),
  ]
}

const mends: Readonly<Partial<Record<Counted, readonly [string, string]>>> = {
  'fault-sender': [
    'refused our account or did not judge a code',
    'Look at the log line delivery_failed with the outcome operator_fault, or check_failed: its reason has the vendor’s code. Credentials, balance and sender are the usual causes.',
  ],
  'fault-store': [
    'the state store did not answer',
    'Nobody can pass until it is back. Look at its database.',
  ],
  'fault-users': [
    'a callback of the application about its users failed',
    'The log line fault names the callback.',
  ],
  'fault-limits': [
    'the counts of the limits or a guard did not answer',
    'Until it is back, no messages go to new phones. Look at the database of the counts, and at the log line guard_failed.',
  ],
  'fault-audit': [
    'the audit log did not answer',
    'Until it is back, nobody can be unlocked, reset or revoked. Look at its database.',
  ],
  'fault-setup': [
    'a mistake in the set-up was found',
    'The log lines set_up_mistake, clock_skew and factor_unreadable name it. Run passport-second-factor doctor.',
  ],
  'fault-other': ['something else failed', 'Look at the log lines with the level error.'],
}

function usOf({ lastHour, counts }: Situation): readonly Need[] {
  const away =
    counts === 'unavailable'
      ? [
          need(
            'urgent',
            'us',
            'The counts do not answer, so there are no numbers.',
            'Look at the database of the counts. People can still be looked up below.',
          ),
        ]
      : []
  if (lastHour === null) return away
  const faults = Object.entries(mends).flatMap(([name, [text, next]]) => {
    const times = lastHour.counts[name as Counted]
    const who = name === 'fault-sender' ? 'The vendor ' : ''
    return times === 0
      ? []
      : [
          need(
            'urgent',
            'us',
            capital(`${who}${text}, ${timesText(times)} in the last hour.`),
            next,
          ),
        ]
  })
  const { suspicious } = lastHour.counts
  return [
    ...away,
    ...faults,
    ...(suspicious > 0
      ? [
          need(
            'soon',
            'us',
            `${plural(suspicious, 'attempt')} in the last hour that no honest user makes.`,
            'A code used twice, a copied device cookie, or a passkey used on a page that is not yours. The log names the person: look them up, and revoke.',
          ),
        ]
      : []),
  ]
}

function limitText({ about, used, limit, window, unit }: LimitUse): string {
  return `${about}: ${amount(used)} of ${amount(limit)} ${unit} ${perWindow(window)}`
}

function timesText(times: number): string {
  return times === 1 ? 'once' : `${amount(times)} times`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
