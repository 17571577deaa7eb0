/** Keeps the inbox up to date, and copies codes. Without it, the page has a link to reload it. */

import { showLocalTimes } from './times.js'

const secondsBetween = 2

const list = document.getElementById('inbox')
const news = document.getElementById('news')
const empty = document.querySelector('.empty')

function tell(text) {
  news.textContent = text
  news.hidden = false
}

/** Shows the copy buttons if the browser has a clipboard API. */
function offerCopying() {
  if (!navigator.clipboard) return
  for (const button of list.querySelectorAll('.copy')) button.hidden = false
}

list.addEventListener('click', async ({ target }) => {
  const { code } = target.closest('.copy')?.dataset ?? {}
  if (code === undefined) return
  try {
    await navigator.clipboard.writeText(code)
    tell(`Copied ${code}.`)
  } catch {
    tell('Your browser doesn’t let this page copy.')
  }
})

/** Fetches without the cookie, because a page that is left open must not keep a session alive. */
async function ask(accept) {
  const answer = await fetch(location.href, { headers: { accept }, credentials: 'omit' })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return answer.text()
}

/** Adds new messages, in the HTML that the server renders. */
async function showNew() {
  const page = new DOMParser().parseFromString(await ask('text/html'), 'text/html')
  const known = new Set([...list.children].map(({ dataset }) => dataset.key))
  const added = [...page.querySelectorAll('#inbox > li')].filter(
    ({ dataset }) => !known.has(dataset.key),
  )
  if (added.length === 0) return
  list.prepend(...added)
  empty.hidden = true
  showLocalTimes(list)
  offerCopying()
  tell(added.length === 1 ? 'A new message arrived.' : `${added.length} new messages arrived.`)
}

/** The last list. The page is fetched only if the list has changed. */
let seen = null
let connected = true

async function poll() {
  try {
    if (document.visibilityState === 'visible') {
      const now = await ask('application/json')
      if (now !== seen) await showNew()
      seen = now
      if (!connected) tell('Connected again.')
      connected = true
    }
  } catch {
    if (connected) tell('The application doesn’t answer. This page keeps trying.')
    connected = false
  }
  setTimeout(poll, secondsBetween * 1000)
}

document.getElementById('reload').parentElement.textContent =
  'New messages appear here on their own.'
offerCopying()
poll()
