/** The plots of the overview. */

import { faults } from './counters.js'
import type { Plot, Series } from './plot.js'

type Values = Series['valueOf']

const messages = 'messages'

/** All plots, in the page's order: money, then access, then our own faults. */
export const plots: readonly Plot[] = [
  {
    title: 'Messages by outcome',
    unit: messages,
    kind: 'bars',
    series: [
      series('sent', 'plain', ({ counts }) => counts.sent),
      series('perhaps sent', 'odd', ({ counts }) => counts.unsure),
      series('not sent', 'bad', ({ counts }) => counts.rejected + counts.misconfigured),
    ],
  },
  {
    title: 'Sent to verified',
    unit: messages,
    kind: 'lines',
    series: [
      series('sent', 'plain', ({ counts }) => counts.sent),
      series('verified', 'good', ({ counts }) => counts.verified),
    ],
  },
  {
    title: 'Time to the right code',
    unit: 'seconds',
    kind: 'lines',
    series: [
      series('half within', 'good', ({ p50 }) => p50),
      series('nine in ten within', 'odd', ({ p90 }) => p90),
    ],
  },
  {
    title: 'Wrong codes and locks',
    unit: 'events',
    kind: 'bars',
    series: [
      series('wrong', 'odd', ({ counts }) => counts.wrong),
      series('tried during a lock', 'plain', ({ counts }) => counts.barred),
      series('locked', 'bad', ({ counts }) => counts.locked),
    ],
  },
  {
    title: 'Requests for a message refused',
    unit: 'requests',
    kind: 'bars',
    series: [
      series('by limits', 'bad', ({ counts }) => counts.limited),
      series('too soon, locked or other', 'plain', ({ counts }) =>
        Math.max(0, counts.refused - counts.limited),
      ),
    ],
  },
  {
    title: 'Faults',
    unit: 'events',
    kind: 'bars',
    series: [
      series('vendor', 'odd', ({ counts }) => counts['fault-sender']),
      series('all others', 'bad', ({ counts }) =>
        faults.reduce((sum, name) => (name === 'fault-sender' ? sum : sum + counts[name]), 0),
      ),
    ],
  },
]

function series(name: string, tone: Series['tone'], valueOf: Values): Series {
  return { name, tone, valueOf }
}
