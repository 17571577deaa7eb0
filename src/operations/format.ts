/** Numbers and times as the page of operators writes them: in English, and in UTC. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** A number with its thousands apart. */
export function amount(value: number): string {
  return whole.format(value)
}

/** A number that fits beside an axis or in a tile, such as `12.3K`. */
export function compact(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value)
}

/** A share of 1 in percent. */
export function percent(value: number): string {
  return share.format(value)
}

/** Seconds, and minutes from two on. */
export function seconds(value: number): string {
  return value < 120
    ? `${whole.format(Math.round(value))} s`
    : `${whole.format(Math.round(value / 60))} min`
}

/** The time of day. */
export function timeOf(date: Date): string {
  return date.toISOString().slice(11, 16)
}

/** Day and time. */
export function dayAndTime(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ')
}

/** The name of a country in English, with its code, as the options take it. */
export function countryName(code: string): string {
  if (code === 'other') return 'networks of no country'
  const name = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' }).of(code)
  return name === undefined || name === code ? code : `${name} (${code})`
}

/** The window of a limit, as one says it behind an amount. */
export function perWindow(window: 'hour' | 'day' | 'week'): string {
  return window === 'hour' ? 'an hour' : `a ${window}`
}
