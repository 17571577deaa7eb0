/** The script of the default pages. Without it they still work, with less comfort. */

// An application's own view may set no language, and Intl throws for an empty tag.
const language = document.documentElement.lang || undefined

/** A live region for short phrases. The countdown is not in it, or screen readers would read every second. */
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

/** Shows times in the person's time zone, in the format of their region. */
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

/**
 * Ignores a second click while a form is being sent. If no answer comes within ten seconds, it may be sent again.
 */
function sendFormsOnce() {
  const patience = 10_000
  for (const form of document.forms) {
    // A download does not replace the page, and may be repeated.
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
    // A page restored by the Back button may send its form again.
    addEventListener('pageshow', () => done())
  }
}

/**
 * The text that says what a button waits for.
 *
 * @param {HTMLElement} button
 */
function waitOf(button) {
  const place = document.getElementById(button.getAttribute('aria-describedby') ?? '')
  return place?.firstElementChild?.textContent ?? ''
}

/**
 * On a slow network, makes the button say that it is working. Returns a function that restores its text.
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

/** Counts down to the next message, and to the end of the code. The text for the end is already on the page. */
function countDown() {
  for (const [index, place] of document.querySelectorAll('.either').entries()) {
    const seconds = Number(place.querySelector('[data-left]')?.getAttribute('data-left'))
    const buttons = place.closest('form')?.querySelectorAll('button') ?? []
    // A waiting button keeps its place in the tab order, and screen readers say what it waits for.
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
 * @param {number} endsAt by this device's clock, which goes on while the device sleeps
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
 * The duration in words, in the server's format.
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

/** After a refusal the reason has the focus. Whatever is typed or pasted then goes into the field. */
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

/** Converts digits of every script to ASCII, and accepts codes that the device reads from the message by itself. */
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
      // Setting the value moves the cursor to the end.
      const before = toAsciiDigits(input.value.slice(0, input.selectionStart ?? undefined))
      input.value = ascii
      input.setSelectionRange(before.length, before.length)
    }
    if ('submitOnLastDigit' in form.dataset && complete()) form.requestSubmit()
  }
  input.addEventListener('input', (event) => {
    // While a keyboard composes digits, the value is not final.
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
    // The person declined, or typed the code before the message came.
    () => undefined,
  )
}

/** @param {string} text */
function toAsciiDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0
    // Unicode puts the ten digits of a script side by side, and full sets of ten one after the other.
    let first = point
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1
    return String((point - first) % 10)
  })
}

/** Shows the buttons that copy and print the backup codes. */
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
  // Browsers offer the clipboard on secure pages only.
  if (copy === null || !('clipboard' in navigator)) return
  copy.hidden = false
  const text = [...lines].map((line) => line.textContent).join('\n')
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(
      () => {
        copy.textContent = copy.dataset.done ?? ''
        announcer.textContent = copy.textContent
      },
      // The browser refused: the codes can still be printed or written down.
      () => undefined,
    )
  })
}
