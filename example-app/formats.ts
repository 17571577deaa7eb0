/** Formats money and times for pages, and parses amounts. */

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

const times = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** Formats cents as `€12.50`; with `signed`, positive amounts get a plus sign. */
export function money(cents: number, signed = false): string {
  const sign = cents < 0 ? '−' : signed ? '+' : ''
  return sign + euros.format(Math.abs(cents) / 100)
}

/** Formats an instant as `1 Jan 2026, 12:30 UTC`, because without a script a page cannot know the reader's time zone. */
export function time(at: Date): string {
  return `${times.format(at)} UTC`
}

/** Parses an amount from JSON or a form, with a point or a comma before the cents; `null` if it is not one. */
export function centsOf(amount: unknown): number | null {
  const text = typeof amount === 'number' ? String(amount) : amount
  const found = typeof text === 'string' ? /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim()) : null
  if (found === null) return null
  const [, euros, fraction = ''] = found
  const cents = Number(euros) * 100 + Number(fraction.padEnd(2, '0'))
  return cents > 0 ? cents : null
}
