/** How pages write money and times. */

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

const times = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** Cents as `€12.50`; with `signed` also what came in has a sign. */
export function money(cents: number, signed = false): string {
  const sign = cents < 0 ? '−' : signed ? '+' : ''
  return sign + euros.format(Math.abs(cents) / 100)
}

/** A point in time as `1 Jan 2026, 12:30 UTC`: without a script, a page cannot know the reader's zone. */
export function time(at: Date): string {
  return `${times.format(at)} UTC`
}
