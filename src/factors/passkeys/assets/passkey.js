/** The script of the passkey pages: prompts for a passkey, puts the response into the form, and submits it. */

/** @type {HTMLFormElement | null} */
const form = document.querySelector('form[data-passkey]')
const isSupported = 'PublicKeyCredential' in window
if (form !== null && isSupported) offer(form)
if (isSupported) signal()

/**
 * Shows the form. The prompt waits for a click: browsers require one, and an unexpected prompt is annoying.
 *
 * @param {HTMLFormElement} form
 */
function offer(form) {
  form.hidden = false
  document.querySelector('[data-passkey-unsupported]')?.remove()
  const { again = '', seconds } = form.dataset
  const endsAt = Date.now() + Number(seconds) * 1000
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('credential'))
  let isAsking = false
  // After the Back button, the field may still contain a used response.
  addEventListener('pageshow', () => (field.value = ''))
  form.addEventListener(
    'submit',
    async (event) => {
      if (field.value !== '') return
      // Runs before the other script, which would treat this as a submission.
      event.preventDefault()
      event.stopImmediatePropagation()
      if (isAsking) return
      // The challenge has expired. Load a page with a new one.
      if (Date.now() >= endsAt) return location.assign(again)
      isAsking = true
      say(undefined)
      try {
        const credential = await ask(form)
        if (credential === null) return say(form.dataset.cancelled)
        field.value = JSON.stringify(credential)
        form.requestSubmit()
      } catch (error) {
        say(form.dataset[failures[error instanceof Error ? error.name : ''] ?? 'failed'])
      } finally {
        isAsking = false
      }
    },
    { capture: true },
  )
}

/** @type {Record<string, string | undefined>} The name of the form's text for each browser error. */
const failures = {
  NotAllowedError: 'cancelled',
  AbortError: 'cancelled',
  InvalidStateError: 'already',
}

/** @param {string | undefined} text */
function say(text) {
  /** @type {HTMLElement | null} */
  const place = document.querySelector('[data-passkey-says]')
  if (place === null) return
  place.textContent = text ?? ''
  place.hidden = text === undefined
}

/**
 * Prompts for a passkey and returns the response as JSON.
 *
 * @param {HTMLFormElement} form
 */
async function ask(form) {
  const options = JSON.parse(form.dataset.options ?? '')
  const credential =
    form.dataset.passkey === 'create'
      ? await navigator.credentials.create({ publicKey: creationOf(options) })
      : await navigator.credentials.get({ publicKey: requestOf(options) })
  return credential instanceof PublicKeyCredential ? jsonOf(credential) : null
}

// Fallbacks for browsers from before 2025, which cannot convert from and to JSON.

/** @param {any} options */
function requestOf(options) {
  if ('parseRequestOptionsFromJSON' in PublicKeyCredential)
    return PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const { challenge, allowCredentials } = options
  return {
    ...options,
    challenge: toBytes(challenge),
    allowCredentials: allowCredentials.map(withBytes),
  }
}

/** @param {any} options */
function creationOf(options) {
  if ('parseCreationOptionsFromJSON' in PublicKeyCredential)
    return PublicKeyCredential.parseCreationOptionsFromJSON(options)
  const { challenge, user, excludeCredentials } = options
  return {
    ...options,
    challenge: toBytes(challenge),
    user: withBytes(user),
    excludeCredentials: excludeCredentials.map(withBytes),
  }
}

/** @param {PublicKeyCredential} credential */
function jsonOf(credential) {
  if ('toJSON' in credential) return credential.toJSON()
  const { id, type, response } = /** @type {any} */ (credential)
  const names = [
    'clientDataJSON',
    'authenticatorData',
    'signature',
    'userHandle',
    'attestationObject',
  ]
  const bytes = names.filter((name) => response[name]).map((name) => [name, toText(response[name])])
  const transports = response.getTransports?.()
  return { id, rawId: id, type, response: { ...Object.fromEntries(bytes), transports } }
}

/** @param {{ id: string }} named */
function withBytes(named) {
  return { ...named, id: toBytes(named.id) }
}

/** @param {string} text in base64url */
function toBytes(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** @param {ArrayBuffer} buffer */
function toText(buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Lists the valid passkeys to the password manager, so it stops offering removed ones. */
function signal() {
  /** @type {HTMLElement | null} */
  const place = document.querySelector('[data-signal]')
  if (place === null || !('signalAllAcceptedCredentials' in PublicKeyCredential)) return
  const told = PublicKeyCredential.signalAllAcceptedCredentials(
    JSON.parse(place.dataset.signal ?? ''),
  )
  // A password manager that has none of them may reject.
  told.catch(() => undefined)
}
