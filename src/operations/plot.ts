/** Draws plots as SVG, without a script. Axes and numbers are HTML around the image, so that text keeps its size. */

import { html, type Html } from '../pages/html.js'
import type { SlotFigures } from './figures.js'
import { amount, compact, dayAndTime, timeOf } from './format.js'

/** A series of a plot: one value for each slot. */
export interface Series {
  readonly name: string
  /** The colour: `good` for wanted values, `bad` for unwanted ones. */
  readonly tone: 'good' | 'plain' | 'odd' | 'bad'
  /** `null` if there is no value. */
  readonly valueOf: (figures: SlotFigures) => number | null
}

/** A plot over time. */
export interface Plot {
  readonly title: string
  /** The unit of the vertical axis. */
  readonly unit: string
  readonly kind: 'bars' | 'lines'
  readonly series: readonly Series[]
}

const slotWidth = 10
const height = 100

/** Renders a plot with its axes, its legend, and a table of its numbers. */
export function plotFigure(
  { title, unit, kind, series }: Plot,
  slots: readonly SlotFigures[],
  span: string,
): Html {
  const rows = series.map(({ valueOf, ...each }) => ({ ...each, values: slots.map(valueOf) }))
  const top = topOf(kind === 'bars' ? stackedMost(rows) : most(rows))
  const isEmpty = rows.every(({ values }) => values.every((value) => value === null || value === 0))
  const width = slots.length * slotWidth
  const drawn = kind === 'bars' ? bars(rows, top) : rows.map((row) => line(row, top))
  const summary = `${title}, ${span}: ${isEmpty ? 'nothing' : rows.map(spoken).join('; ')}.`
  return html`<figure class="plot">
    <figcaption>
      <h3>${title}</h3>
      <ul class="legend">
        ${rows.map(({ name, tone }) => html`<li><span class="swatch ${tone}"></span>${name}</li>`)}
      </ul>
    </figcaption>
    <div class="axes">
      <p class="unit">${unit}</p>
      <div class="upright" aria-hidden="true">
        <span>${compact(top)}</span><span>${compact(top / 2)}</span><span>0</span>
      </div>
      <div class="picture">
        <svg
          viewBox="0 0 ${width} ${height}"
          preserveAspectRatio="none"
          role="img"
          aria-label="${summary}"
        >
          <path class="grid" d="M0 0H${width}M0 ${height / 2}H${width}M0 ${height}H${width}" />
          ${drawn} ${slots.map((slot, index) => hover(slot, index, rows))}
        </svg>
        ${isEmpty ? html`<p class="none">Nothing in this time</p>` : null}
      </div>
      <div class="level" aria-hidden="true">${ticks(slots)}</div>
      <p class="level-name">time (UTC)</p>
    </div>
    <details>
      <summary>Numbers<span class="hidden"> of ${title}</span></summary>
      ${numbers(title, slots, rows)}
    </details>
  </figure>`
}

interface Row extends Omit<Series, 'valueOf'> {
  readonly values: readonly (number | null)[]
}

function bars(rows: readonly Row[], top: number): Html[] {
  const below: number[] = []
  return rows.map(({ tone, values }) => {
    const paths = values.map((value, index) => {
      const from = below[index] ?? 0
      const to = from + (value ?? 0)
      below[index] = to
      const x = index * slotWidth + 1
      const y = yOf(to, top)
      return value === null || value === 0
        ? ''
        : `M${x} ${yOf(from, top)}V${y}H${x + slotWidth - 2}V${yOf(from, top)}Z`
    })
    return html`<path class="bar ${tone}" d="${paths.join('')}" />`
  })
}

/** A line with gaps for missing values; a value without neighbours is a dot. */
function line({ tone, values }: Row, top: number): Html {
  const path = values.map((value, index) => {
    if (value === null) return ''
    const isJoined = (values[index - 1] ?? null) !== null
    const x = index * slotWidth + slotWidth / 2
    return `${isJoined ? 'L' : 'M'}${x} ${yOf(value, top)}${isJoined ? '' : 'h0.01'}`
  })
  return html`<path class="line ${tone}" d="${path.join('')}" />`
}

/** A tooltip with the numbers of the slot under the pointer. */
function hover({ from, to }: SlotFigures, index: number, rows: readonly Row[]): Html {
  const values = rows.map(({ name, values }) => `${name} ${text(values[index])}`)
  return html`<rect
    class="hover"
    x="${index * slotWidth}"
    y="0"
    width="${slotWidth}"
    height="${height}"
  >
    <title>${dayAndTime(from)} to ${timeOf(to)}: ${values.join(', ')}</title>
  </rect>`
}

function numbers(title: string, slots: readonly SlotFigures[], rows: readonly Row[]): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${title}, as a table">
    <table>
      <thead>
        <tr>
          <th scope="col">From (UTC)</th>
          ${rows.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${slots
          .map(
            (slot, index) => html`<tr>
              <th scope="row">${dayAndTime(slot.from)}</th>
              ${rows.map(({ values }) => html`<td class="number">${text(values[index])}</td>`)}
            </tr>`,
          )
          .toReversed()}
      </tbody>
    </table>
  </div>`
}

/** Labels at both ends and in the middle: times of day, or dates if the plot spans more than two days. */
function ticks(slots: readonly SlotFigures[]): readonly Html[] {
  const first = slots[0]?.from
  const last = slots.at(-1)?.to
  if (first === undefined || last === undefined) return []
  const middle = new Date((first.getTime() + last.getTime()) / 2)
  const isLong = last.getTime() - first.getTime() > 2 * 86_400_000
  return [first, middle, last].map(
    (date) => html`<span>${isLong ? dayAndTime(date).slice(5, 10) : timeOf(date)}</span>`,
  )
}

function spoken({ name, values }: Row): string {
  const known = values.filter((value) => value !== null)
  return `${name} at most ${amount(Math.max(0, ...known))}`
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : amount(Math.round(value))
}

function yOf(value: number, top: number): number {
  return Math.round((height - (height * Math.min(value, top)) / top) * 100) / 100
}

function most(rows: readonly Row[]): number {
  return Math.max(0, ...rows.flatMap(({ values }) => values.map((value) => value ?? 0)))
}

function stackedMost(rows: readonly Row[]): number {
  const sums = (rows[0]?.values ?? []).map((_none, index) =>
    rows.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  )
  return Math.max(0, ...sums)
}

/** The smallest round number that is not below the value; half of it is whole too. */
function topOf(value: number): number {
  const power = 10 ** Math.max(0, Math.ceil(Math.log10(Math.max(value, 1))) - 1)
  return [2, 4, 6, 8, 10, 20].map((step) => step * power).find((step) => step >= value) ?? value
}
