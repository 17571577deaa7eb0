/** Renders the pages of a person: their state, and the confirmation of an action. */

import { html, type Html, type Piece } from '../pages/html.js'
import { actionNames, actions, type ActionName } from './actions.js'
import type { OperationsFrame } from './document.js'
import { amount, dayAndTime, plural } from './format.js'
import { historyTable } from './history-table.js'
import type { Person } from './person.js'

/** The body of a person's page; `done` is the action that has just succeeded. */
export function personBody(
  frame: OperationsFrame,
  person: Person,
  now: Date,
  done: ActionName | null,
): Html {
  const { id, isSelf } = person
  return html`
    <h1>User <bdi>${id}</bdi></h1>
    ${done === null ? null : html`<p class="notice" role="status">${actions[done].done}</p>`}
    <p class="lead ${person.status.locked ? 'bad' : ''}">${sentenceOf(person, now)}</p>
    <div class="columns">
      <section aria-labelledby="facts">
        <h2 id="facts">How things stand</h2>
        ${factsOf(person)}
      </section>
      <section aria-labelledby="held">
        <h2 id="held">What they hold</h2>
        ${heldOf(person)}
      </section>
      <section aria-labelledby="actions">
        <h2 id="actions">What you can do</h2>
        ${
          isSelf
            ? html`<p class="hint">This is your own account. You cannot do this for yourself. Ask a colleague.</p>`
            : actionNames.map((name) => actionLink(frame, id, name))
        }
      </section>
    </div>
    <section aria-labelledby="history" class="history">
      <h2 id="history">History</h2>
      ${historyTable(person.history)}
    </section>
  `
}

/** The body of the page that confirms an action and asks for a reason. */
export function confirmBody(
  { mount }: OperationsFrame,
  person: Person,
  name: ActionName,
  { actor, reason, problem }: Confirmation,
): Html {
  const { label, effects } = actions[name]
  const page = pathOfPerson(mount, person.id)
  return html`
    <h1>${label} <bdi>${person.id}</bdi>?</h1>
    ${problem === null ? null : html`<p class="alert" role="alert">${problem}</p>`}
    <section aria-labelledby="effects">
      <h2 id="effects">What will happen</h2>
      <ul>
        ${effects(person).map((effect) => html`<li>${effect}</li>`)}
      </ul>
    </section>
    <form class="act" method="post" action="${page}/${name}">
      <label for="reason">Reason</label>
      <input
        id="reason"
        name="reason"
        maxlength="200"
        required
        autofocus
        autocomplete="off"
        value="${reason}"
        aria-describedby="recorded"
      />
      <p class="hint" id="recorded">Such as “ticket 4711, called back”. Recorded with your name, <bdi>${actor}</bdi>.</p>
      <p class="beside">
        <button>${label}</button>
        <a class="button quiet" href="${page}">Cancel</a>
      </p>
    </form>
  `
}

/** The fields of the confirmation page. */
export interface Confirmation {
  /** The operator's name, which is recorded. */
  readonly actor: string
  /** The reason typed before. */
  readonly reason: string
  /** The error if the form was refused; otherwise `null`. */
  readonly problem: string | null
}

/** The address of a person's page. */
export function pathOfPerson(mount: string, id: string): string {
  return `${mount}/users/${encodeURIComponent(id)}`
}

/** The body of an error page. */
export function problemBody(title: string, detail: string): Html {
  return html`<h1>${title}</h1>
    <p class="lead">${detail}</p>`
}

function actionLink({ mount }: OperationsFrame, id: string, name: ActionName): Html {
  const { label, summary } = actions[name]
  return html`<div class="choice">
    <a class="button quiet" href="${pathOfPerson(mount, id)}/${name}">${label}…</a>
    <p>${summary}</p>
  </div>`
}

/** One sentence for the operator to read out on the phone. */
function sentenceOf({ status, factors, isKnown }: Person, now: Date): string {
  const { locked, lockedUntil, failures, challenge } = status
  if (!isKnown) {
    return 'Nothing is stored for this id: this person has never used the second factor here, or the id is wrong.'
  }
  if (locked) {
    const until =
      lockedUntil === null
        ? 'until an operator ends it'
        : `until ${dayAndTime(lockedUntil)} UTC, in ${duration(lockedUntil, now)}`
    return `Locked ${until}, after ${plural(failures, 'failure')} in a row.`
  }
  const wrong = failures === 0 ? '' : ` ${plural(failures, 'failure')} in a row so far.`
  if (challenge !== null) {
    return `Not locked. A code is waiting, for another ${duration(challenge.expiresAt, now)}.${wrong}`
  }
  const isUnreadable = factors.length > 0 && factors.every(({ usable }) => !usable)
  return isUnreadable
    ? `Not locked, but nothing they hold can be read: its secret is missing from the option secret.${wrong}`
    : `Not locked, and no code is waiting.${wrong}`
}

function factsOf({ status, grants, devices }: Person): Html {
  const { locked, lockedUntil, failures, challenge } = status
  // Facts that a factor adds to the status, if that factor is in use.
  const sends: unknown = Reflect.get(status, 'sends')
  const next: unknown = Reflect.get(status, 'nextSendAt')
  const rows: (readonly [string, Piece])[] = [
    [
      'Lock',
      locked
        ? lockedUntil === null
          ? 'until an operator ends it'
          : `until ${at(lockedUntil)}`
        : 'none',
    ],
    ['Failures', `${amount(failures)} in a row`],
    ['Code', challenge === null ? 'none' : `${challenge.method}, until ${at(challenge.expiresAt)}`],
    ...(typeof sends === 'number'
      ? ([
          ['Messages', `${amount(sends)} since the waits last began`],
          ['Next message', next instanceof Date ? `from ${at(next)} on` : 'may go now'],
        ] as const)
      : []),
    ['Grants', plural(grants, 'session')],
    ['Devices', devices.length === 0 ? 'none trusted' : list(devices.map(({ name }) => name))],
  ]
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

function heldOf({ factors }: Person): Html {
  if (factors.length === 0) return html`<p class="hint">Nothing was enrolled here.</p>`
  return html`<ul class="held">
    ${factors.map(
      ({ kind, name, usedAt, addedAt, usable }) =>
        html`<li>
          <strong><bdi>${name}</bdi></strong> <span class="hint">${kind}</span><br />
          Added ${at(new Date(addedAt))};
          ${usedAt === null ? 'never used' : `last used ${at(new Date(usedAt))}`}
          ${usable ? null : html`<br /><strong class="bad">Cannot be read: its secret is missing.</strong>`}
        </li>`,
    )}
  </ul>`
}

function list(names: readonly string[]): Html {
  return html`<ul>
    ${names.map((name) => html`<li><bdi>${name}</bdi></li>`)}
  </ul>`
}

function at(date: Date): string {
  return `${dayAndTime(date)} UTC`
}

function duration(until: Date, now: Date): string {
  const seconds = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000))
  if (seconds < 120) return plural(seconds, 'second')
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? plural(minutes, 'minute') : plural(Math.round(minutes / 60), 'hour')
}
