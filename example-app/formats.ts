/** How pages write money and times, and how an amount is read. */

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

/** An amount in whole cents, as JSON or as a form gives it, with a point or a comma before the cents. */
export function centsOf(amount: unknown): number | null {
  const text = typeof amount === 'number' ? String(amount) : amount
  const found = typeof text === 'string' ? /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim()) : null
  if (found === null) return null
  const [, euros, fraction = ''] = found
  const cents = Number(euros) * 100 + Number(fraction.padEnd(2, '0'))
  return cents > 0 ? cents : null
}
