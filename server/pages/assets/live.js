// Keeps the surveillant's page up to date: clocks that tick, pieces that the server sends (server-sent events), forms that
// aren't lost when the network is. The page works without it. No dependency: what it does is these few things.
const watch = document.querySelector('[data-stream]')
if (watch) {
  const connection = document.getElementById('connection')
  const announcement = document.getElementById('announcement')
  const asOf = document.getElementById('as-of')
  // This machine's clock may be wrong: what counts is the server's.
  let ahead = Date.now() - Date.parse(watch.dataset.now)
  const time = () =>
    new Date(Date.now() - ahead).toLocaleTimeString(document.documentElement.lang, {
      timeZone: watch.dataset.zone,
    })

  const remaining = (seconds) =>
    [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
      .map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0')))
      .join(':')
  const tick = () => {
    for (const clock of document.querySelectorAll('.clock[data-ends]')) {
      const seconds = Math.max(0, Math.round((Date.parse(clock.dataset.ends) - Date.now() + ahead) / 1000))
      clock.textContent = seconds === 0 ? clock.dataset.ended : remaining(seconds)
    }
  }
  setInterval(tick, 1000)

  // Said aloud at most every ten seconds, and only whose row changed: a table that speaks all the time says nothing.
  const changed = new Set()
  setInterval(() => {
    if (changed.size === 0) return
    announcement.textContent = `${[...changed].join(', ')} : ${watch.dataset.changed}`
    changed.clear()
  }, 10_000)

  const show = ({ first, pieces }) => {
    for (const [id, html] of Object.entries(pieces)) {
      const element = document.getElementById(id)
      // What somebody is using right now is not replaced under his fingers.
      if (!element || (element.contains(document.activeElement) && document.activeElement !== document.body))
        continue
      if (element.innerHTML === html) continue
      element.innerHTML = html
      const code = /^cell-(.+)-(progress|receipt)$/.exec(id)?.[1]
      if (code && !first) changed.add(code)
    }
    tick()
  }

  let since = null
  const connect = () => {
    const source = new EventSource(watch.dataset.stream)
    source.addEventListener('open', () => {
      since = null
      connection.classList.remove('lost')
      connection.textContent = `${connection.dataset.live} · ${time()}`
    })
    source.addEventListener('pieces', (event) => {
      show(JSON.parse(event.data))
      connection.textContent = `${connection.dataset.live} · ${time()}`
    })
    // The sign-in or the session has ended: the server says what is next.
    source.addEventListener('end', () => {
      source.close()
      location.reload()
    })
    source.addEventListener('error', () => {
      since ??= time()
      connection.classList.add('lost')
      connection.textContent = `${connection.dataset.lost} ${since}.`
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000)
    })
  }
  connect()
  if (asOf) asOf.textContent = time()

  // A form that can't reach the server must not replace the page by an error of the browser.
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (form.enctype === 'multipart/form-data') return
    event.preventDefault()
    const buttons = form.querySelectorAll('button')
    for (const button of buttons) button.disabled = true
    fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, event.submitter)) })
      .then(async (answer) => {
        const html = await answer.text()
        if (answer.redirected || answer.ok) location.assign(answer.url)
        else {
          document.open()
          document.write(html)
          document.close()
        }
      })
      .catch(() => {
        for (const button of buttons) button.disabled = false
        connection.classList.add('lost')
        connection.textContent = connection.dataset.offline
        announcement.textContent = connection.dataset.offline
      })
  })
}
