/** What the default pages do where scripts run. Without it they work as well, only more plainly. */

// A page of the application's own may name no language; an empty tag would be an error to Intl.
const language = document.documentElement.lang || undefined

/** One phrase of a live region is read out, so the seconds themselves are not in one. */
const announcer = document.createElement('p')
announcer.setAttribute('role', 'status')
announcer.className = 'announcer'
document.querySelector('main')?.append(announcer)

showLocalTimes()
sendFormsOnce()
countDown()
helpTyping()

/** Times of day as the person's own clock shows them. */
function showLocalTimes() {
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { dateStyle: 'medium', timeStyle: 'short' }
  /** @type {NodeListOf<HTMLTimeElement>} */
  const times = document.querySelectorAll('time[data-local]')
  for (const time of times) {
    time.textContent = new Date(time.dateTime).toLocaleString(language, style)
  }
}

/** A second click while the answer is on its way sends nothing; one after a stopped try does. */
function sendFormsOnce() {
  const patience = 5000
  for (const form of document.forms) {
    let sentAt = 0
    form.addEventListener('submit', (event) => {
      if (Date.now() - sentAt < patience) event.preventDefault()
      else sentAt = Date.now()
    })
    // A page that comes back by the button Back may send again.
    addEventListener('pageshow', () => {
      sentAt = 0
    })
  }
}

/** Waits for the next message, and the life of the code. What follows them is on the page already. */
function countDown() {
  // Firefox remembers over a reload which buttons were switched off.
  for (const button of document.querySelectorAll('button')) button.disabled = false
  for (const place of document.querySelectorAll('.either')) {
    const seconds = Number(place.querySelector('[data-left]')?.getAttribute('data-left'))
    const buttons = place.closest('form')?.querySelectorAll('button') ?? []
    for (const button of buttons) button.disabled = true
    tick(place, Date.now() + seconds * 1000, () => {
      for (const button of buttons) button.disabled = false
    })
  }
}

/**
 * @param {Element} place
 * @param {number} endsAt by this device's own clock, which goes on while it sleeps
 * @param {() => void} atEnd
 */
function tick(place, endsAt, atEnd) {
  const seconds = Math.ceil((endsAt - Date.now()) / 1000)
  if (seconds > 0) {
    const left = place.querySelector('[data-left]')
    if (left) left.textContent = duration(seconds)
    setTimeout(() => tick(place, endsAt, atEnd), 250)
    return
  }
  place.classList.add('over')
  announcer.textContent = place.lastElementChild?.textContent ?? ''
  atEnd()
}

/**
 * As the server writes it.
 *
 * @param {number} seconds
 */
function duration(seconds) {
  const [unit, length] =
    seconds <= 90 ? ['second', 1] : seconds <= 5400 ? ['minute', 60] : ['hour', 3600]
  const style = /** @type {const} */ ({ style: 'unit', unitDisplay: 'long' })
  return new Intl.NumberFormat(language, { ...style, unit: String(unit) }).format(
    Math.ceil(seconds / Number(length)),
  )
}

/** Shows digits of every script as the page does, and takes codes that the device reads out of the message itself. */
function helpTyping() {
  /** @type {HTMLFormElement | null} */
  const form = document.querySelector('form[data-code]')
  /** @type {HTMLInputElement | null} */
  const input = document.querySelector('#code')
  if (form === null || input === null) return
  const complete = () => (input.value.match(/\d/g) ?? []).length === Number(input.dataset.digits)
  const tidy = () => {
    const ascii = toAsciiDigits(input.value)
    if (ascii !== input.value) {
      // A value that is set moves the cursor to its end.
      const before = toAsciiDigits(input.value.slice(0, input.selectionStart ?? undefined))
      input.value = ascii
      input.setSelectionRange(before.length, before.length)
    }
    if ('submitOnLastDigit' in form.dataset && complete()) form.requestSubmit()
  }
  input.addEventListener('input', (event) => {
    // A keyboard that composes digits is still at work on them.
    if (!('isComposing' in event && event.isComposing)) tidy()
  })
  input.addEventListener('compositionend', tidy)
  const transport = form.dataset.otpTransport
  if (transport === undefined || !('OTPCredential' in window)) return
  const abort = new AbortController()
  form.addEventListener('submit', () => abort.abort())
  /** @type {CredentialRequestOptions & { otp: { transport: string[] } }} */
  const wanted = { otp: { transport: [transport] }, signal: abort.signal }
  navigator.credentials.get(wanted).then(
    (credential) => {
      if (credential === null || !('code' in credential)) return
      input.value = String(credential.code)
      input.dispatchEvent(new Event('input'))
    },
    // The person said no, or typed faster than the message came.
    () => undefined,
  )
}

/** @param {string} text */
function toAsciiDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0
    // Unicode keeps the ten digits of a script side by side, and full sets of ten behind each other.
    let first = point
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1
    return String((point - first) % 10)
  })
}
