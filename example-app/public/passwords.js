/** Adds a button to show a password, and rates new ones. Forms work without this script. */

/** Patterns that make a password easy to guess, whatever its length. */
const easy = [
  /^(.)\1*$/u,
  /^(.{1,4}?)\1+$/u,
  /password|passwort|qwert|azerty|letmein|welcome|iloveyou|admin/iu,
  /(?:0123|1234|2345|3456|4567|5678|6789|abcd|9876|4321)/iu,
]

function strengthOf(password, username) {
  const length = Array.from(password).length
  if (length < 8) return `${8 - length} more to go`
  const known = username.length > 2 && password.toLowerCase().includes(username.toLowerCase())
  if (known || easy.some((pattern) => pattern.test(password))) return 'easy to guess'
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u]
  const points = length + 2 * kinds.filter((kind) => kind.test(password)).length
  if (points >= 22) return 'strong'
  return points >= 16 ? 'good' : 'fair'
}

/** Adds a button next to the field, which shows or hides the password. */
function addShowButton(input) {
  const button = document.createElement('button')
  Object.assign(button, { type: 'button', className: 'quiet' })
  const field = document.createElement('span')
  Object.assign(field, {
    className: 'unseen',
    textContent: ` ${input.labels[0].textContent.toLowerCase()}`,
  })
  const turn = (type) => {
    input.type = type
    button.replaceChildren(type === 'password' ? 'Show' : 'Hide', field)
  }
  button.addEventListener('click', () => turn(input.type === 'password' ? 'text' : 'password'))
  // Browsers may remember the value of a visible text field and suggest it elsewhere.
  input.form.addEventListener('submit', () => turn('password'))
  const pair = document.createElement('div')
  pair.className = 'with-button'
  input.replaceWith(pair)
  pair.append(input, button)
  turn('password')
}

function addStrength(input) {
  const strength = document.createElement('p')
  Object.assign(strength, { className: 'hint strength', role: 'status' })
  input.closest('.field').append(strength)
  const username = input.form.elements.namedItem('username')
  const show = () => {
    const found = input.value && strengthOf(input.value, username?.value ?? '')
    strength.textContent = found === '' ? '' : `Strength: ${found}`
    strength.dataset.level = found
  }
  input.addEventListener('input', show)
}

for (const input of document.querySelectorAll('input[type=password]')) {
  const isFocused = document.activeElement === input
  addShowButton(input)
  if (isFocused) input.focus()
  if ('strength' in input.dataset) addStrength(input)
}
