/** Renders the tables of the overview: countries, and limits that all people share. */

import { html, type Html } from '../pages/html.js'
import type { LimitUse } from '../ports/insight.js'
import type { CountryFigures } from './figures.js'
import { amount, countryName, percent, perWindow } from './format.js'

/** The number of countries shown at once; the rest open on a click. */
const shown = 8

/** The messages by country, with the share verified. */
export function countryTable(countries: readonly CountryFigures[]): Html {
  const most = Math.max(1, ...countries.map(({ sent }) => sent))
  const rest = countries.slice(shown)
  return html`<section aria-labelledby="countries">
    <h2 id="countries">Messages by country</h2>
    ${
      countries.length === 0
        ? html`<p class="hint">No message in this time.</p>`
        : html`<p class="legend-line">
              <span class="swatch plain"></span>sent <span class="swatch good"></span>verified
            </p>
            ${countryRows(countries.slice(0, shown), most, 'Messages by country')}
            ${
              rest.length === 0
                ? null
                : html`<details>
                    <summary>${amount(rest.length)} more</summary>
                    ${countryRows(rest, most, 'Messages by country, the others')}
                  </details>`
            }`
    }
  </section>`
}

function countryRows(countries: readonly CountryFigures[], most: number, name: string): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${name}, as a table">
    <table>
      <thead>
        <tr>
          <th scope="col">Country</th>
          <td></td>
          <th scope="col" class="number">Sent</th>
          <th scope="col" class="number">Verified</th>
          <th scope="col" class="number">Share</th>
        </tr>
      </thead>
      <tbody>
        ${countries.map(
          ({ country, sent, verified }) =>
            html`<tr>
              <th scope="row">${countryName(country)}</th>
              <td class="meter">${countryBar(sent / most, verified / most)}</td>
              <td class="number">${amount(sent)}</td>
              <td class="number">${amount(verified)}</td>
              <td class="number">${sent === 0 ? '–' : percent(verified / sent)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** A bar for the messages sent, with the verified part drawn over it. */
function countryBar(sent: number, verified: number): Html {
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar plain" x="0" y="0" width="${width(sent)}" height="10" />
    <rect class="bar good" x="0" y="3" width="${width(verified)}" height="4" />
  </svg>`
}

/** The limits on messages, and how much of each is used. */
export function limitTable(limits: readonly LimitUse[] | null): Html {
  return html`<section aria-labelledby="limits">
    <h2 id="limits">Limits that all people share</h2>
    ${
      limits === null
        ? html`<p class="alert" role="alert">The counts of the limits do not answer.</p>`
        : limits.length === 0
          ? html`<p class="hint">
              None are set. <code>limits.rules</code> with <code>application</code>,
              <code>spend</code> or <code>country</code> limits what an attack can cost.
            </p>`
          : limitRows(limits)
    }
  </section>`
}

function limitRows(limits: readonly LimitUse[]): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Limits, as a table">
    <table>
      <thead>
        <tr>
          <th scope="col">Limit</th>
          <td></td>
          <th scope="col" class="number">Used</th>
          <th scope="col" class="number">Of</th>
        </tr>
      </thead>
      <tbody>
        ${limits.map(({ about, window, used, limit, unit }) => {
          const tone = used >= limit ? 'bad' : used >= 0.8 * limit ? 'odd' : 'plain'
          return html`<tr>
            <th scope="row">${about}, ${perWindow(window)}</th>
            <td class="meter">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" x="0" y="0" width="100" height="10" />
                <rect class="bar ${tone}" x="0" y="0" width="${width(used / limit)}" height="10" />
              </svg>
            </td>
            <td class="number">${amount(used)}</td>
            <td class="number">${amount(limit)}${unit === 'messages' ? '' : ` ${unit}`}</td>
          </tr>`
        })}
      </tbody>
    </table>
  </div>`
}

function width(share: number): number {
  return Math.round(Math.max(0, Math.min(1, share)) * 10_000) / 100
}
