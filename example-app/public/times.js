/** Writes each time in the reader's zone and language. Without it, pages have them in UTC. */

const format = new Intl.DateTimeFormat(navigator.languages, {
  dateStyle: 'medium',
  timeStyle: 'short',
})
const { locale } = format.resolvedOptions()

/** Those of one part of the page. */
export function showLocalTimes(part) {
  for (const time of part.querySelectorAll('time[datetime]')) {
    time.textContent = format.format(new Date(time.dateTime))
    Object.assign(time, { lang: locale, dir: 'auto' })
  }
}

showLocalTimes(document)
