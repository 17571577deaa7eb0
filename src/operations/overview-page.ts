/** Renders the overview: a sentence on what needs an operator, then the numbers behind it. */

import { html, type Html } from '../pages/html.js'
import { spans, type Span } from './buckets.js'
import type { OperationsFrame } from './document.js'
import { faults, type Counted } from './counters.js'
import type { Figures } from './figures.js'
import { compact, percent, seconds, timeOf } from './format.js'
import type { Need } from './needs.js'
import type { Overview } from './overview.js'
import { plotFigure } from './plot.js'
import { plots } from './plots.js'
import { countryTable, limitTable } from './tables.js'

/** The interval at which browsers reload the overview, in seconds. */
export const refreshSeconds = 30

/** The body of the page. */
export function overviewBody(
  { mount }: OperationsFrame,
  overview: Overview,
  isPaused: boolean,
): Html {
  const { at, span, needs, numbers, limits, counts } = overview
  return html`
    ${verdict(needs, counts)}
    <section class="now" aria-labelledby="now">
      <h2 id="now">${counts === 'ok' ? 'The last hour' : 'Now'}</h2>
      ${tiles(overview)}
    </section>
    <section aria-labelledby="plots">
      <div class="bar-above">
        <h2 id="plots">${spans[span].label}</h2>
        <nav aria-label="Time">${Object.keys(spans).map((each) => spanLink(mount, each as Span, span, isPaused))}</nav>
      </div>
      ${numbers === null ? withoutCounts(counts) : html`<div class="plots">${plots.map((plot) => plotFigure(plot, numbers.slots, spans[span].label.toLowerCase()))}</div>`}
    </section>
    <div class="columns">
      ${numbers === null ? null : countryTable(numbers.countries)} ${limitTable(limits)}
    </div>
    <p class="foot">
      All times are UTC; it is ${timeOf(at)}.
      ${
        isPaused
          ? html`This page does not reload. <a href="${mount}/?span=${span}">Reload it every ${refreshSeconds} seconds</a>`
          : html`This page reloads every ${refreshSeconds} seconds. <a href="${mount}/?span=${span}&amp;still">Stop that</a>`
      }
    </p>
  `
}

function verdict(needs: readonly Need[], counts: Overview['counts']): Html {
  if (needs.length === 0) {
    return html`<section class="verdict calm">
      <h1>Nothing needs you</h1>
      <p>
        ${
          counts === 'ok'
            ? 'Messages go out, people get in, and nothing has failed in the last hour.'
            : 'People can get in now. Nothing counts what happened before.'
        }
      </p>
    </section>`
  }
  const level = needs.some((need) => need.level === 'urgent') ? 'urgent' : 'soon'
  return html`<section class="verdict ${level}">
    <h1>${needs.length === 1 ? '1 thing needs you' : `${needs.length} things need you`}</h1>
    <ol>
      ${needs.map(
        ({ level: own, text, next }) =>
          html`<li class="${own}">
            <strong>${own === 'urgent' ? 'Now: ' : 'Soon: '}${text}</strong>
            <span>${next}</span>
          </li>`,
      )}
    </ol>
  </section>`
}

function tiles({ numbers, health }: Overview): Html {
  const { store } = health.checks
  const storeTile = tile(
    'State store',
    store.ok ? 'ok' : 'down',
    store.ok ? '' : 'bad',
    store.milliseconds === undefined ? '' : `answers in ${compact(store.milliseconds)} ms`,
  )
  if (numbers === null) return html`<ul class="tiles">${storeTile}</ul>`
  const { counts, p50, p90 } = numbers.lastHour
  const tries = counts.sent + counts.unsure + counts.rejected + counts.misconfigured
  const failed = tries - counts.sent
  const faultCount = sumOf(numbers.lastHour, faults)
  return html`<ul class="tiles">
    ${[
      tile('Messages sent', compact(counts.sent), '', `${compact(failed)} not sent, or unsure`),
      tile(
        'Verified by message',
        compact(counts.verified),
        '',
        counts.sent === 0
          ? 'no message to answer'
          : `${percent(counts.verified / counts.sent)} of those sent`,
      ),
      tile(
        'Time to the code',
        p50 === null ? '–' : seconds(p50),
        p90 !== null && p90 > 60 ? 'bad' : '',
        p90 === null ? 'nobody yet' : `nine in ten within ${seconds(p90)}`,
      ),
      tile('Second factors passed', compact(counts.passed), '', `${compact(counts.wrong)} wrong`),
      tile(
        'Locks',
        compact(counts.locked),
        counts.locked >= 5 ? 'bad' : '',
        `${compact(counts.barred)} tries during one`,
      ),
      tile(
        'Refused by limits',
        compact(counts.limited),
        counts.limited > 0 ? 'bad' : '',
        'messages',
      ),
      tile('Faults', compact(faultCount), faultCount > 0 ? 'bad' : '', 'store, vendor, set-up'),
      storeTile,
    ]}
  </ul>`
}

function tile(name: string, value: string, tone: string, note: string): Html {
  return html`<li class="tile ${tone}">
    <span class="tile-name">${name}</span> <strong>${value}</strong>
    <span class="tile-note">${note}</span>
  </li>`
}

function sumOf({ counts }: Figures, names: readonly Counted[]): number {
  return names.reduce((sum, name) => sum + counts[name], 0)
}

function spanLink(mount: string, each: Span, current: Span, isPaused: boolean): Html {
  const address = `${mount}/?span=${each}${isPaused ? '&still' : ''}`
  const words = spans[each].label.replace('Last ', '')
  return each === current
    ? html`<a href="${address}" aria-current="page">${words}</a>`
    : html`<a href="${address}">${words}</a>`
}

function withoutCounts(counts: Overview['counts']): Html {
  return counts === 'none'
    ? html`<p class="notice">
        There are no plots, because events are not counted. Set the option
        <code>operations: { counts }</code>, such as
        <code>operations: { counts: sequelizeCounts({ sequelize }) }</code>, and plots begin.
      </p>`
    : html`<p class="alert" role="alert">
        The counts do not answer, so there are no plots now. People can be looked up all the same.
      </p>`
}
