/** What passkey pages do: ask the browser for a passkey, put its answer into the form, and send that. */

/** @type {HTMLFormElement | null} */
const form = document.querySelector('form[data-passkey]')
const isSupported = 'PublicKeyCredential' in window
if (form !== null && isSupported) offer(form)
if (isSupported) signal()

/**
 * Shows the form. The person begins: browsers want a click, and nobody likes a prompt that comes by itself.
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
  // A page that comes back by the button Back holds an answer that is used up.
  addEventListener('pageshow', () => (field.value = ''))
  form.addEventListener(
    'submit',
    async (event) => {
      if (field.value !== '') return
      // Before the other script, which would take this for the form on its way.
      event.preventDefault()
      event.stopImmediatePropagation()
      if (isAsking) return
      // By now the server would refuse the answer: a new page has a new challenge.
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

/** @type {Record<string, string | undefined>} What the browser's errors mean, as the form's texts are named. */
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
 * Has the browser prompt, and returns the answer as JSON.
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

// What follows is for browsers from before 2025; the others read and write JSON by themselves.

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

/** Tells the password manager which passkeys there are, so that it offers no removed one any more. */
function signal() {
  /** @type {HTMLElement | null} */
  const place = document.querySelector('[data-signal]')
  if (place === null || !('signalAllAcceptedCredentials' in PublicKeyCredential)) return
  const told = PublicKeyCredential.signalAllAcceptedCredentials(
    JSON.parse(place.dataset.signal ?? ''),
  )
  // Whoever keeps none of them has nothing to hide.
  told.catch(() => undefined)
}
