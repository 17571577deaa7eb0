/** Shows the session's current step: the login, a code, or the account. The server decides; this page only displays it. */

const mount = '/second-factor'
const element = (id) => document.getElementById(id)

/** Requests JSON from the server. A refusal is a problem with a stable `code`, and a `detail` for people. */
async function ask(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  const answer = await response.json().catch(() => ({}))
  if (response.ok) return answer
  const detail = answer.detail ?? 'Wrong user name or password.'
  throw Object.assign(new Error(detail), { code: answer.code ?? 'login_failed' })
}

/** Reads the session's status, and shows the next step. */
async function refresh() {
  const status = await ask('GET', `${mount}/`).catch((error) => {
    if (error.code === 'login_required') return null
    throw error
  })
  if (status === null) return show('login')
  if (status.passed) {
    const { username } = await ask('GET', '/api/account')
    element('username').textContent = username
    return show('account', 'logout')
  }
  // A user without any method logs in for the first time, and gives a phone first.
  element('code').dataset.path = status.methods.length === 0 ? '/phone/verify' : '/verify'
  element('destination').textContent = status.challenge?.destination ?? ''
  if (status.challenge !== null) return show('code', 'send', 'logout')
  return show(status.methods.length === 0 ? 'phone' : 'send', 'logout')
}

function show(...ids) {
  for (const part of document.querySelectorAll('form, section'))
    part.hidden = !ids.includes(part.id)
  element(ids[0]).querySelector('input')?.focus()
}

/** Sends a form's fields and shows the next step, or shows the error. */
function onSubmit(id, send) {
  element(id).addEventListener('submit', async (event) => {
    event.preventDefault()
    const form = event.target
    element('problem').textContent = ''
    try {
      await send(Object.fromEntries(new FormData(form)))
      form.reset()
    } catch (error) {
      element('problem').textContent = error.message
    }
    await refresh()
  })
}

onSubmit('login', (fields) => ask('POST', '/api/login', fields))
onSubmit('phone', (fields) => ask('POST', `${mount}/phone`, fields))
onSubmit('send', () => ask('POST', `${mount}/challenge`, {}))
onSubmit('code', (fields) => ask('POST', mount + element('code').dataset.path, fields))
onSubmit('logout', () => ask('POST', '/api/logout'))
await refresh()
