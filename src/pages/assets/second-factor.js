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
leadToField()
helpTyping()
helpKeeping()

/** Times of day as the person's own clock shows them, and as they are written where the person lives. */
function showLocalTimes() {
  const base = language?.split('-')[0]
  const regional = navigator.languages.find((tag) => tag.split('-')[0] === base)
  const { numberingSystem } = new Intl.NumberFormat(language).resolvedOptions()
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { dateStyle: 'medium', timeStyle: 'short', numberingSystem }
  /** @type {NodeListOf<HTMLTimeElement>} */
  const times = document.querySelectorAll('time[data-local]')
  for (const time of times) {
    time.textContent = new Date(time.dateTime).toLocaleString(regional ?? language, style)
  }
}

/** A second click while the answer is on its way sends nothing; one after a stopped try does. */
function sendFormsOnce() {
  const patience = 10_000
  for (const form of document.forms) {
    // A download leaves the page as it is, and may be had again.
    if ('download' in form.dataset) continue
    let isOut = false
    let done = () => undefined
    form.addEventListener('submit', (event) => {
      const { submitter } = event
      const isWaiting = submitter?.getAttribute('aria-disabled') === 'true'
      if (isWaiting) announcer.textContent = waitOf(submitter)
      if (isOut || isWaiting) {
        event.preventDefault()
        return
      }
      isOut = true
      const free = showWork(submitter)
      const timer = setTimeout(() => done(), patience)
      done = () => {
        isOut = false
        clearTimeout(timer)
        free()
      }
    })
    // A page that comes back by the button Back may send again.
    addEventListener('pageshow', () => done())
  }
}

/**
 * What a button waits for.
 *
 * @param {HTMLElement} button
 */
function waitOf(button) {
  const place = document.getElementById(button.getAttribute('aria-describedby') ?? '')
  return place?.firstElementChild?.textContent ?? ''
}

/**
 * On a slow network the button says that it is at work. Returns how it gets its own words back.
 *
 * @param {HTMLElement | null} button
 */
function showWork(button) {
  const working = document.querySelector('main')?.dataset.working
  if (button === null || working === undefined) return () => undefined
  const words = button.textContent
  const timer = setTimeout(() => {
    button.textContent = working
    button.setAttribute('aria-busy', 'true')
    announcer.textContent = working
  }, 500)
  return () => {
    clearTimeout(timer)
    button.textContent = words
    button.removeAttribute('aria-busy')
  }
}

/** Waits for the next message, and the life of the code. What follows them is on the page already. */
function countDown() {
  for (const [index, place] of document.querySelectorAll('.either').entries()) {
    const seconds = Number(place.querySelector('[data-left]')?.getAttribute('data-left'))
    const buttons = place.closest('form')?.querySelectorAll('button') ?? []
    // The cursor still comes to a button that waits, and hears there what for.
    place.id ||= `wait-${index}`
    for (const button of buttons) {
      button.setAttribute('aria-disabled', 'true')
      button.setAttribute('aria-describedby', place.id)
    }
    tick(place, Date.now() + seconds * 1000, () => {
      for (const button of buttons) {
        button.removeAttribute('aria-disabled')
        button.removeAttribute('aria-describedby')
      }
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

/** After a refusal the cursor is on the reason, and may be anywhere: what is typed or pasted goes into the field. */
function leadToField() {
  /** @type {HTMLInputElement | null} */
  const field = document.querySelector('input[data-entry]')
  if (field === null) return
  const isElsewhere = () => !(document.activeElement instanceof HTMLInputElement)
  document.querySelector('#alert')?.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key.length === 1 && event.key !== ' ') field.focus()
  })
  document.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text') ?? ''
    if (!isElsewhere() || text === '') return
    event.preventDefault()
    field.focus()
    field.value = text
    field.dispatchEvent(new Event('input'))
  })
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

/** Shows the buttons that copy and print what the person has to keep. */
function helpKeeping() {
  /** @type {HTMLButtonElement | null} */
  const print = document.querySelector('button[data-print]')
  if (print !== null) {
    print.hidden = false
    print.addEventListener('click', () => window.print())
  }
  /** @type {HTMLButtonElement | null} */
  const copy = document.querySelector('button[data-copy]')
  const lines = document.querySelectorAll(`#${copy?.dataset.copy} li`)
  // Browsers have a clipboard only on secure pages.
  if (copy === null || !('clipboard' in navigator)) return
  copy.hidden = false
  const text = [...lines].map((line) => line.textContent).join('\n')
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(
      () => {
        copy.textContent = copy.dataset.done ?? ''
        announcer.textContent = copy.textContent
      },
      // The browser said no: the other ways are left.
      () => undefined,
    )
  })
}
