/** Formats numbers and times for the operators' pages: in English, and in UTC. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** A number with separators between thousands. */
export function amount(value: number): string {
  return whole.format(value)
}

/** A number of things, such as `1 lock` or `3 locks`. */
export function plural(count: number, noun: string): string {
  return `${amount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** A number short enough for an axis or a tile, such as `12.3K`. */
export function compact(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value)
}

/** A fraction as a percentage. */
export function percent(value: number): string {
  return share.format(value)
}

/** A duration in seconds, or in minutes from two minutes on. */
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

/** The English name of a country, with the code that options take. */
export function countryName(code: string): string {
  if (code === 'other') return 'networks of no country'
  const name = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' }).of(code)
  return name === undefined || name === code ? code : `${name} (${code})`
}

/** The window of a limit, as it follows an amount: "10 an hour". */
export function perWindow(window: 'hour' | 'day' | 'week'): string {
  return window === 'hour' ? 'an hour' : `a ${window}`
}
