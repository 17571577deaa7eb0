/** Shows times in the reader's time zone and language. Without this script, pages show them in UTC. */

const format = new Intl.DateTimeFormat(navigator.languages, {
  dateStyle: 'medium',
  timeStyle: 'short',
})
const { locale } = format.resolvedOptions()

/** Converts the times in one part of the page. */
export function showLocalTimes(part) {
  for (const time of part.querySelectorAll('time[datetime]')) {
    time.textContent = format.format(new Date(time.dateTime))
    Object.assign(time, { lang: locale, dir: 'auto' })
  }
}

showLocalTimes(document)
