/** Renders a person's audit log as a table. */

import { html, type Html } from '../pages/html.js'
import type { AuditEntry } from '../ports/audit-log.js'
import { dayAndTime } from './format.js'
import type { Person } from './person.js'

/** The latest entries, newest first. */
export function historyTable(history: Person['history']): Html {
  if (history === 'none') {
    return html`<p class="hint">
      No history is kept. Set the option <code>audit</code>, such as
      <code>sequelizeAudit({ sequelize })</code>.
    </p>`
  }
  if (history === 'unavailable') {
    return html`<p class="alert" role="alert">
      The audit log does not answer. Until it does, nobody can be unlocked, reset or revoked here.
    </p>`
  }
  if (history.length === 0) return html`<p class="hint">No entries for this person.</p>`
  return html`<div class="scroll" role="region" tabindex="0" aria-label="History, as a table">
    <table>
      <thead>
        <tr>
          <th scope="col">When (UTC)</th>
          <th scope="col">What</th>
          <th scope="col">Details</th>
          <th scope="col">Who, and why</th>
        </tr>
      </thead>
      <tbody>
        ${history.map(
          ({ at, type, details, actor, reason, outcome }) =>
            html`<tr>
              <th scope="row">${dayAndTime(at)}</th>
              <td>${type.replaceAll('_', ' ')}${outcomeText(outcome)}</td>
              <td><bdi>${detailsText(details)}</bdi></td>
              <td>
                ${actor === null ? null : html`<strong><bdi>${actor}</bdi></strong>`}
                ${reason === null ? null : html`<bdi>${reason}</bdi>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** A completed action needs no word; one that is `started` was interrupted, or is still running. */
function outcomeText(outcome: AuditEntry['outcome']): Html | null {
  if (outcome === null || outcome === 'done') return null
  return html` <strong class="bad">${outcome}</strong>`
}

function detailsText(details: AuditEntry['details']): string {
  return Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
