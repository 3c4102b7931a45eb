// Keeps the surveillant's pages up to date: clocks that tick, pieces that the server sends (server-sent events), forms that
// aren't lost when the network is. The pages work without it. No dependency: what it does is these few things.
const root = () => document.querySelector('[data-stream]')
const words = JSON.parse(root()?.dataset.words ?? '{}')
const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key])
const { lang } = document.documentElement

// ── Time: this machine's clock may be wrong, or be put right during the day: what counts is the server's.
let ahead = root() ? Date.now() - Date.parse(root().dataset.now) : 0
const serverSays = (now) => (ahead = Date.now() - Date.parse(now))
const timeOf = (ms) => {
  const timeZone = root()?.dataset.zone
  const parts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }
  const short = new Intl.DateTimeFormat('en-GB', parts).format(ms - ahead)
  return lang === 'fr' ? short.replace(':', '\u00A0h\u00A0') : short
}
const remaining = (seconds) =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':')
function tick() {
  for (const clock of document.querySelectorAll('.clock[data-ends]')) {
    const seconds = Math.max(0, Math.round((Date.parse(clock.dataset.ends) - Date.now() + ahead) / 1000))
    const { ended } = clock.dataset
    const code = clock.closest('[data-code]')?.dataset.code
    if (seconds === 0 && clock.textContent !== ended && clock.textContent !== '')
      news.set(`${code} clock`, say('clockEnded', { code }))
    clock.textContent = seconds === 0 ? ended : remaining(seconds)
  }
}

// ── Said aloud at most every ten seconds, and only what began or ended: a table that speaks all the time says nothing.
const news = new Map()
const announce = (text) => {
  const place = document.getElementById('announcement')
  if (place) place.textContent = text
}
setInterval(() => {
  if (news.size === 0) return
  announce(news.size > 4 ? say('many', { n: news.size }) : [...news.values()].join('. '))
  news.clear()
}, 10_000)

// ── Pieces of the page. What somebody is using right now waits until he has left it.
const waiting = new Map()
function show(pieces, first) {
  for (const [id, html] of Object.entries(pieces)) {
    waiting.delete(id)
    const element = document.getElementById(id)
    if (!element) continue
    if (element.contains(document.activeElement)) {
      waiting.set(id, html)
      continue
    }
    const before = element.querySelector('.phase')?.textContent
    const last = element.querySelector('li:last-child')?.textContent
    element.innerHTML = html
    if (first) continue
    const code = element.closest('[data-code]')?.dataset.code
    const what = [...element.querySelectorAll('.phase')].at(-1)?.textContent
    if (code && what && what !== before) news.set(code, say('changed', { code, what }))
    const incident = element.querySelector('.incidents li:last-child')?.textContent
    if (incident && incident !== last) news.set('incident', say('incident', { what: incident }))
  }
  tick()
}
document.addEventListener('focusout', () => setTimeout(() => show(Object.fromEntries(waiting), false)))

// ── The connection: tried again after 1, 2, 4 … 15 seconds, a little apart for each page.
const deadMs = 40_000 // The server shows that it is alive every 15 seconds.
let source = null
let heard = Date.now()
let attempts = 0
let retry = 0
let isLost = false
let isOver = false
function connection(text, lost = false) {
  const place = document.getElementById('connection')
  if (!place || place.textContent === text) return
  place.classList.toggle('lost', lost)
  place.textContent = text
}
function connect() {
  clearTimeout(retry)
  source?.close()
  if (isOver || !root()) return
  source = new EventSource(root().dataset.stream)
  source.addEventListener('alive', (event) => hear(JSON.parse(event.data)))
  source.addEventListener('pieces', (event) => {
    const data = JSON.parse(event.data)
    hear(data)
    show(data.pieces, data.first)
  })
  source.addEventListener('end', (event) => over(JSON.parse(event.data).why))
  source.addEventListener('error', () => lose(source.readyState === EventSource.CLOSED))
}
function hear({ now }) {
  serverSays(now)
  if (isLost) announce(say('found'))
  heard = Date.now()
  attempts = 0
  isLost = false
  connection(say('live', { time: timeOf(heard) }))
}
function showLost() {
  const minutes = Math.floor((Date.now() - heard) / 60_000)
  const ago = minutes > 0 ? ` (${say('ago', { n: minutes })})` : ''
  connection(`${say('lost', { time: timeOf(heard) })}${ago}.`, true)
}
function lose(refused) {
  source.close()
  if (isOver) return
  if (!isLost) announce(say('lost', { time: timeOf(heard) }))
  isLost = true
  showLost()
  clearTimeout(retry)
  retry = setTimeout(connect, Math.min(15_000, 1000 * 2 ** attempts++) + Math.random() * 1000)
  // The server answered, but with no stream: is this page still for whoever reads it?
  if (refused)
    fetch(location.href, { redirect: 'manual' })
      .then(
        ({ type, status }) => (type === 'opaqueredirect' || status === 403 || status === 404) && over('over'),
      )
      .catch(() => {})
}
/** No more news: what is left on the screen is shown again by the server, unless that would lose what was typed. */
function over(why) {
  isOver = true
  clearTimeout(retry)
  source.close()
  connection(say(why), true)
  announce(say(why))
  const typed = [...document.querySelectorAll('main form :is(input, textarea)')].some(
    (field) => field.type !== 'hidden' && field.value !== field.defaultValue,
  )
  if (why === 'over' && !typed) location.reload()
}
addEventListener('online', () => isLost && connect())
setInterval(() => {
  tick()
  if (isLost) showLost()
  else if (source && !isOver && Date.now() - heard > deadMs) lose(false)
}, 1000)

// ── Forms: one that can't reach the server must not replace the page by an error of the browser.
function complain(form, text) {
  const place = form.querySelector('[data-complaint]') ?? form.appendChild(document.createElement('p'))
  place.dataset.complaint = ''
  place.className = 'problem'
  place.setAttribute('role', 'alert')
  place.textContent = text
}
document.addEventListener('submit', async (event) => {
  const form = event.target
  if (!root()?.contains(form)) return
  event.preventDefault()
  const data = new FormData(form, event.submitter)
  const isFile = form.enctype === 'multipart/form-data'
  const buttons = form.querySelectorAll('button')
  const enable = (may) => buttons.forEach((button) => (button.disabled = !may))
  enable(false)
  try {
    const signal = AbortSignal.timeout(isFile ? 180_000 : 20_000)
    const body = isFile ? data : new URLSearchParams(data)
    const answer = await fetch(form.action, { method: 'POST', body, signal })
    if (answer.redirected) {
      // Where the keyboard was: at the row, or at what the page then says.
      sessionStorage.setItem('focus', form.closest('tr')?.id ?? 'said')
      return location.assign(answer.url)
    }
    const isPage = answer.headers.get('content-type')?.startsWith('text/html')
    const main =
      isPage && new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main')
    enable(true)
    if (!main) complain(form, say('refused'))
    else {
      document.querySelector('main').replaceWith(main)
      ;(main.querySelector('[aria-invalid=true]') ?? main).focus()
      if (!root()) source.close()
    }
  } catch {
    enable(true)
    complain(form, say('unanswered'))
  }
})

if (root()) {
  tick()
  connect()
  document.getElementById(sessionStorage.getItem('focus') ?? '')?.focus()
  sessionStorage.removeItem('focus')
}
