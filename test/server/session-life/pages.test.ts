import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sessionStates } from '../../../server/session-life/state.ts'
import { createAgentToken } from '../../../server/store/agent-token.ts'
import { startExamDay, type ExamDay, type SignedIn } from '../exam-day-server.ts'
import { makeKey, makeRun } from '../run-fixture.ts'
import { examText, idOf, prepared, sessionText } from './session-files.ts'

let day: ExamDay
let head: SignedIn
/** In Paris it is the first of December already. */
const now = () => new Date('2026-11-30T23:30:00Z')
beforeAll(async () => {
  day = await startExamDay({ now })
  head = await day.signIn('responsable')
})
afterAll(() => day.close())

const textOf = ({ body }: LightMyRequestResponse) =>
  body
    .replace(/<[^>]+>/g, ' ')
    .replace(/[ \n]+/g, ' ')
    .trim()
const join = (session: string, who: SignedIn, candidate: string | null = null) =>
  day.store.life.addMember(session, who.account.account, candidate, 'x')
const bring = async (session: string, ...states: (typeof sessionStates)[number][]) => {
  let from = (await day.store.life.session(session))!.state
  for (const to of states) {
    await day.store.life.setState(session, from, to, 'x')
    from = to
  }
}

describe('the first page', () => {
  it('says what to do where there is nothing yet, to each role', async () => {
    expect(textOf(await day.get('/', await day.signIn('jury')))).toContain('doit vous y ajouter')
    const fresh = await startExamDay({ now })
    try {
      const empty = await fresh.get('/', await fresh.signIn('responsable'))
      expect(textOf(empty)).toContain('«\u202Fprobant push\u202F»')
      expect(empty.body).toContain('href="/sessions/new"')
    } finally {
      await fresh.close()
    }
  })

  it('brings a juror to the one open session, and to the list where asked or where there are more', async () => {
    const juror = await day.signIn('jury')
    const [one, two] = [
      await prepared(day, head, { title: 'Jury un' }),
      await prepared(day, head, { title: 'Jury deux' }),
    ]
    await join(one, juror)
    await join(two, juror)
    expect((await day.get('/', juror)).statusCode).toBe(200)
    await bring(one, 'running', 'collected', 'open')
    const there = await day.get('/?lang=en', juror)
    expect([there.statusCode, there.headers.location]).toEqual([303, `/sessions/${one}/jury`])
    expect(String(there.headers['set-cookie'])).toContain('probant-lang=en')
    const all = await day.get('/?all', juror)
    expect(all.statusCode).toBe(200)
    expect(textOf(all)).toContain('Lire les dossiers')
    await bring(two, 'running', 'collected', 'open')
    expect((await day.get('/', juror)).statusCode).toBe(200)
  })

  it('brings a surveillant to the one session of today, by the room’s day and not by UTC’s', async () => {
    const watcher = await day.signIn('surveillant')
    const today = await prepared(day, head, { title: 'Surveillée' })
    const yesterday = await prepared(day, head, { title: 'Hier', date: '2026-11-30' })
    await join(yesterday, watcher)
    expect((await day.get('/', watcher)).statusCode).toBe(200)
    await join(today, watcher)
    expect((await day.get('/', watcher)).headers.location).toBe(`/sessions/${today}/watch`)
    await bring(today, 'running', 'collected', 'open')
    expect((await day.get('/', watcher)).statusCode).toBe(200)
  })

  it('shows a candidate his trainings and nothing of an examination', async () => {
    const candidate = await day.signIn('candidate')
    const training = await prepared(day, head, { title: 'Entraînement du soir', purpose: 'training' })
    const examination = await prepared(day, head, { title: 'Examen secret' })
    await join(training, candidate, 'C01')
    await join(examination, candidate, 'C01')
    const before = await day.get('/', candidate)
    expect(textOf(before)).toContain('Entraînement du soir')
    expect(textOf(before)).not.toContain('Examen secret')
    // Its page is not there for him yet: no link leads to it.
    expect(before.body).not.toContain(`/sessions/${training}"`)
    expect((await day.get(`/sessions/${training}`, candidate)).statusCode).toBe(404)
    await bring(training, 'running')
    expect((await day.get('/', candidate)).body).toContain(`/sessions/${training}/candidates/C01"`)
    expect((await day.get(`/sessions/${training}`, candidate)).statusCode).toBe(200)
    expect((await day.get(`/sessions/${examination}`, candidate)).statusCode).toBe(404)
  })
})

describe('the page of a session', () => {
  it('draws the whole life, the present state said in words and to whoever hears the page', async () => {
    const id = await prepared(day, head, { title: 'Vie' })
    await bring(id, 'running')
    const { body } = await day.get(`/sessions/${id}`, head)
    const steps = [...body.matchAll(/<li( aria-current="step")?>(.*?)<\/li>/g)].filter(([, , text]) =>
      /^(<strong>)?(prête|contrôle préalable|phase 1 en cours|collectée|ouverte au jury|close|purgée)/.test(
        text ?? '',
      ),
    )
    expect(steps).toHaveLength(sessionStates.length)
    const current = steps.filter(([, mark]) => mark !== undefined)
    expect(current.map(([, , text]) => text)).toEqual([
      expect.stringMatching(/phase 1 en cours.*état actuel/),
    ])
  })

  it('leads each role only where it may go', async () => {
    const id = await prepared(day, head, { title: 'Liens' })
    const roles = {
      head,
      watcher: await day.signIn('surveillant'),
      juror: await day.signIn('jury'),
    }
    await join(id, roles.watcher)
    await join(id, roles.juror)
    const links = async (who: SignedIn) => {
      const { body } = await day.get(`/sessions/${id}`, who)
      return [...body.matchAll(new RegExp(`href="/sessions/${id}/([^"]+)"`, 'g'))].map((m) => m[1]).sort()
    }
    expect(await links(roles.juror)).toEqual([])
    expect(new Set(await links(roles.watcher))).toEqual(new Set(['files', 'watch']))
    await bring(id, 'running', 'collected', 'open')
    expect(new Set(await links(roles.juror))).toEqual(new Set(['files', 'jury']))
    expect(await links(roles.watcher)).not.toContain('jury')
    expect(await links(roles.head)).toEqual(
      expect.arrayContaining(['watch', 'jury', 'journal', 'retention', 'candidates/C01/data']),
    )
  })

  it('shows a juror no candidate before it is opened, and no name at any time', async () => {
    const id = await prepared(day, head, {
      title: 'Noms',
      csv: 'code;n;nom;place\nC01;1;Ada Lovelace;A1\n',
    })
    const juror = await day.signIn('jury')
    const watcher = await day.signIn('surveillant')
    await join(id, juror)
    await join(id, watcher)
    expect(textOf(await day.get(`/sessions/${id}`, head))).toContain('Ada Lovelace')
    expect(textOf(await day.get(`/sessions/${id}`, watcher))).toContain('Ada Lovelace')
    expect(textOf(await day.get(`/sessions/${id}`, juror))).not.toMatch(/C01|Ada/)
    await bring(id, 'running', 'collected', 'open')
    const open = textOf(await day.get(`/sessions/${id}`, juror))
    expect(open).toContain('C01')
    expect(open).not.toContain('Ada')
  })

  it('says how far delivered runs got; why something was not verified is for whoever reads findings', async () => {
    const token = await createAgentToken(day.store, 'poste')
    const run = makeRun(makeKey(), { n: 2, broken: true, complete: false })
    const delivered = await day.app.inject({
      method: 'POST',
      url: '/api/v1/runs',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify(run),
    })
    expect(delivered.statusCode).toBe(201)
    const { id } = run.session
    const watcher = await day.signIn('surveillant')
    await join(id, watcher)
    const own = async (who: SignedIn) => textOf(await day.get(`/sessions/${id}`, who))
    for (const who of [head, watcher]) {
      expect(await own(who)).toContain('interrompu')
      expect(await own(who)).not.toContain('machine injoignable')
    }
    await bring(id, 'open')
    expect(await own(head)).toContain('machine injoignable')
    expect(await own(watcher)).toContain('interrompu')
    expect(await own(watcher)).not.toMatch(/injoignable|constaté/)
    expect(await own(head)).not.toMatch(/constaté|réussi|acquis|\d+ ?\/ ?\d+|%/)
  })

  it('warns a responsable of what is missing while it matters', async () => {
    const own = await startExamDay({ now })
    try {
      const admin = await own.signIn('responsable')
      const id = await prepared(own, admin, { title: 'Manques', minutes: 80 })
      const text = async () => textOf(await own.get(`/sessions/${id}`, admin))
      const missing = ['Aucun surveillant', 'Aucun membre du jury', 'n’est pas celle du']
      for (const part of ['Aucun agent', ...missing]) expect(await text()).toContain(part)
      for (const role of ['surveillant', 'jury'] as const)
        await own.store.life.addMember(id, (await own.signIn(role)).account.account, null, 'x')
      await own.store.life.change(id, { minutes: 90 }, 'x')
      expect(await text()).toContain('Aucun agent')
      for (const part of missing) expect(await text()).not.toContain(part)
      await own.store.life.setState(id, 'prepared', 'running', 'x')
      await own.store.life.setState(id, 'running', 'collected', 'x')
      expect(await text()).not.toContain('Aucun agent')
    } finally {
      await own.close()
    }
  })

  it('is English to whoever reads English', async () => {
    const id = await prepared(day, head, { title: 'Anglaise' })
    const { body } = await day.get(`/sessions/${id}?lang=en`, head)
    expect(body).not.toMatch(/état actuel|À faire|Réglages|Membres|Candidats/)
    expect(textOf(await day.get('/?all&lang=en', head))).not.toMatch(/À faire|prête/)
  })

  it('is refused to nobody signed in by sending him to sign in, and to a stranger by not being there', async () => {
    const id = await prepared(day, head, { title: 'Privée' })
    expect((await day.get(`/sessions/${id}`)).headers.location).toContain('/sign-in')
    for (const role of ['responsable', 'surveillant', 'jury', 'candidate'] as const)
      expect((await day.get(`/sessions/${id}`, await day.signIn(role))).statusCode).toBe(404)
  })
})

describe('the state of a session', () => {
  const move = (id: string, form: Record<string, string>, as = head) =>
    day.post(`/sessions/${id}/state`, form, as)
  const stateOf = async (id: string) => (await day.store.life.session(id))?.state

  it('goes forward by a button, and through a page that says what it means where that can’t simply be undone', async () => {
    const id = await prepared(day, head, { title: 'Avance' })
    const page = async () => (await day.get(`/sessions/${id}`, head)).body
    expect(await page()).toMatch(/<form method="post" action="\/sessions\/\w+\/state">/)
    expect((await move(id, { from: 'prepared', to: 'running' })).statusCode).toBe(303)
    expect((await move(id, { from: 'running', to: 'collected' })).statusCode).toBe(303)
    expect(await page()).toContain(`<form method="get" action="/sessions/${id}/state/open">`)
    const asked = await day.get(`/sessions/${id}/state/open`, head)
    expect(asked.statusCode).toBe(200)
    expect(textOf(asked)).toContain('Aucun passage de fin n’a été reçu pour\u202F: C01, C02')
    expect(await stateOf(id)).toBe('collected')
    await move(id, { from: 'collected', to: 'open' })
    expect((await day.get(`/sessions/${id}/state/closed`, head)).statusCode).toBe(200)
    await move(id, { from: 'open', to: 'closed' })
    expect(await stateOf(id)).toBe('closed')
  })

  it('goes back for a reason only, which goes to the journal', async () => {
    const id = await prepared(day, head, { title: 'Recule' })
    await bring(id, 'running', 'collected')
    const without = await move(id, { from: 'collected', to: 'running', reason: '  ' })
    expect(without.statusCode).toBe(422)
    expect(without.body).toMatch(/<input[^>]*name="reason"[^>]*aria-invalid="true"/)
    expect(await stateOf(id)).toBe('collected')
    await move(id, { from: 'collected', to: 'running', reason: 'collecte trop tôt' })
    expect(await stateOf(id)).toBe('running')
    const [last] = await day.store.journal.read({ session: id, limit: 1 })
    expect(last?.contents).toMatchObject({
      actor: head.account.name,
      act: 'session-state',
      details: { reason: 'collecte trop tôt' },
    })
  })

  it('moves once where two people ask, and never where the order forbids it', async () => {
    const id = await prepared(day, head, { title: 'Deux' })
    expect((await move(id, { from: 'prepared', to: 'preflight' })).statusCode).toBe(303)
    const late = await move(id, { from: 'prepared', to: 'running' })
    expect([late.statusCode, textOf(late).includes('entre-temps')]).toEqual([409, true])
    for (const form of [
      { from: 'preflight', to: 'open' },
      { from: 'preflight', to: 'purged' },
      { from: 'preflight', to: 'nowhere' },
      {},
    ] as Record<string, string>[])
      expect((await move(id, form)).statusCode).toBe(409)
    expect(await stateOf(id)).toBe('preflight')
    await bring(id, 'running', 'collected', 'open', 'closed')
    expect((await move(id, { from: 'closed', to: 'purged' })).statusCode).toBe(409)
    expect((await day.get(`/sessions/${id}/state/purged`, head)).statusCode).toBe(409)
    expect((await day.get(`/sessions/${id}/state/nowhere`, head)).statusCode).toBe(404)
  })

  it('is a responsable’s to change', async () => {
    const id = await prepared(day, head, { title: 'Réservé' })
    for (const role of ['surveillant', 'jury'] as const) {
      const who = await day.signIn(role)
      await join(id, who)
      for (const answer of [
        await move(id, { from: 'prepared', to: 'running' }, who),
        await day.get(`/sessions/${id}/state/running`, who),
        await day.post(`/sessions/${id}/settings`, { launch: 'clock', minutes: '5' }, who),
        await day.post(`/sessions/${id}/members`, { account: who.account.account }, who),
        await day.post(`/sessions/${id}/members/${head.account.account}/remove`, {}, who),
        await day.get('/sessions/new', who),
      ])
        expect(answer.statusCode).toBe(403)
    }
    expect(await stateOf(id)).toBe('prepared')
    expect((await day.store.life.session(id))?.minutes).toBe(90)
  })
})

describe('members', () => {
  const add = (id: string, who: SignedIn, candidate = '') =>
    day.post(`/sessions/${id}/members`, { account: who.account.account, candidate }, head)
  const namesOf = async (id: string) => (await day.store.life.members(id)).map(({ name }) => name)

  it('are added and removed, each with its act', async () => {
    const id = await prepared(day, head, { title: 'Membres' })
    const watcher = await day.signIn('surveillant')
    expect((await add(id, watcher)).statusCode).toBe(303)
    expect(await namesOf(id)).toContain(watcher.account.name)
    const page = await day.get(`/sessions/${id}`, head)
    expect(textOf(page)).toContain(`${watcher.account.displayName} (${watcher.account.name}) surveillant`)
    await day.post(`/sessions/${id}/members/${watcher.account.account}/remove`, {}, head)
    expect(await namesOf(id)).not.toContain(watcher.account.name)
    const acts = (await day.store.journal.read({ session: id, limit: 2 })).map(
      ({ contents }) => contents?.act,
    )
    expect(acts).toEqual(['member-removed', 'member-added'])
  })

  it('are candidates in a training only, each with a code of its own', async () => {
    const examination = await prepared(day, head, { title: 'Examen' })
    const training = await prepared(day, head, { title: 'Entraînement', purpose: 'training' })
    const [one, two, watcher] = [
      await day.signIn('candidate'),
      await day.signIn('candidate'),
      await day.signIn('surveillant'),
    ]
    expect((await day.get(`/sessions/${examination}`, head)).body).not.toContain(one.account.account)
    for (const [answer, why] of [
      [await add(examination, one, 'C01'), 'n’entre que dans une session d’entraînement'],
      [await add(training, one), 'Choisissez le code'],
      [await add(training, one, 'C09'), 'Choisissez le code'],
      [await add(training, watcher, 'C01'), 'ne va qu’à un compte de candidat'],
    ] as const) {
      expect(answer.statusCode).toBe(422)
      expect(textOf(answer)).toContain(why)
    }
    expect((await add(training, one, 'C01')).statusCode).toBe(303)
    expect(textOf(await add(training, two, 'C01'))).toContain('Un autre compte a déjà ce code')
    expect((await add(training, two, 'C02')).statusCode).toBe(303)
    expect(
      (await day.store.life.members(training)).map(({ candidate }) => candidate).filter(Boolean),
    ).toEqual(expect.arrayContaining(['C01', 'C02']))
  })

  it('are not accounts that are disabled or do not exist', async () => {
    const id = await prepared(day, head, { title: 'Parti' })
    const gone = await day.signIn('jury')
    await day.store.accounts.change(gone.account.account, { disabled: true }, 'x')
    expect((await add(id, gone)).statusCode).toBe(422)
    expect((await day.get(`/sessions/${id}`, head)).body).not.toContain(gone.account.account)
    const nobody = await day.post(
      `/sessions/${id}/members`,
      { account: '00000000-0000-4000-8000-000000000000' },
      head,
    )
    expect(nobody.statusCode).toBe(422)
  })

  it('let a responsable go who hands the session over, and brings him back to his own', async () => {
    const id = await prepared(day, head, { title: 'Passée' })
    const other = await day.signIn('responsable')
    await add(id, other)
    const left = await day.post(`/sessions/${id}/members/${head.account.account}/remove`, {}, head)
    expect(left.headers.location).toBe('/?all')
    expect((await day.get(`/sessions/${id}`, head)).statusCode).toBe(404)
    expect((await day.get(`/sessions/${id}`, other)).statusCode).toBe(200)
  })
})

describe('settings', () => {
  it('say who launches the checks and how long phase 1 lasts, until it is over', async () => {
    const id = await prepared(day, head, { title: 'Réglée' })
    const set = (form: Record<string, string>) => day.post(`/sessions/${id}/settings`, form, head)
    expect((await set({ launch: 'clock', minutes: '75' })).statusCode).toBe(303)
    expect(await day.store.life.session(id)).toMatchObject({ launch: 'clock', minutes: 75 })
    for (const minutes of ['', '0', '1441', '1.5', '1e2', '-3']) {
      const wrong = await set({ launch: 'hand', minutes })
      expect(wrong.statusCode).toBe(422)
      expect(wrong.body).toMatch(/<input id="minutes"[^>]*aria-invalid="true"/)
    }
    expect(await day.store.life.session(id)).toMatchObject({ launch: 'clock', minutes: 75 })
    await bring(id, 'running', 'collected')
    expect((await set({ launch: 'hand', minutes: '60' })).statusCode).toBe(409)
    expect((await day.store.life.session(id))?.minutes).toBe(75)
  })
})

describe('a wrong upload', () => {
  it('can be deleted as long as nothing was received, and its page then says so', async () => {
    const id = await prepared(day, head, { title: 'Erreur' })
    expect((await day.get(`/sessions/${id}`, head)).body).toContain('id="wrong-files"')
    await day.post(`/sessions/${id}/purge`, { title: 'Erreur' }, head)
    const purged = await day.get(`/sessions/${id}`, head)
    expect(purged.statusCode).toBe(200)
    expect(purged.body).not.toMatch(/id="(wrong-files|members|moves|settings|candidates)"/)
    expect(textOf(purged)).toContain('la preuve de la purge reste')
  })
})

describe('the form of a new session', () => {
  const send = async (form: FormData, as: SignedIn = head, url = '/sessions/new') => {
    const encoded = new Response(form)
    return day.app.inject({
      method: 'POST',
      url,
      headers: {
        cookie: as.cookie,
        'sec-fetch-site': 'same-origin',
        'content-type': encoded.headers.get('content-type') ?? '',
      },
      payload: Buffer.from(await encoded.arrayBuffer()),
    })
  }
  const formOf = (parts: Record<string, string | [name: string, text: string | Uint8Array<ArrayBuffer>]>) => {
    const form = new FormData()
    for (const [field, part] of Object.entries(parts))
      if (typeof part === 'string') form.append(field, part)
      else form.append(field, new File([part[1]], part[0]))
    return form
  }
  const titled = (title: string) => sessionText.replace('Lyon, décembre', title)

  it('prepares a session and leads to it', async () => {
    const text = titled('Formulaire')
    const sent = await send(
      formOf({
        exam: ['lyon.yaml', examText()],
        session: ['session-lyon.yaml', text],
        candidates: ['', ''],
        authorities: ['', ''],
        launch: 'clock',
      }),
    )
    expect([sent.statusCode, sent.headers.location]).toEqual([303, `/sessions/${idOf(text)}`])
    expect(await day.store.life.session(idOf(text))).toMatchObject({ launch: 'clock', state: 'prepared' })
  })

  it('reads a list of candidates as a French spreadsheet writes it, and shows what is worth a look', async () => {
    const sent = await send(
      formOf({
        exam: ['lyon.yaml', examText()],
        session: ['session.yaml', titled('Tableur')],
        candidates: ['liste.csv', Uint8Array.from(Buffer.from('code;n;nom\r\nC02;2;Zoé\r\n', 'latin1'))],
      }),
    )
    expect(sent.statusCode).toBe(200)
    expect(textOf(sent)).toContain('laissé de côté')
    const id = /href="\/sessions\/([0-9a-f]{64})"/.exec(sent.body)?.[1] ?? ''
    expect((await day.store.life.candidates(id)).map(({ code, name }) => [code, name])).toEqual([
      ['C02', 'Zoé'],
    ])
  })

  it('shows every mistake with its file, line and column, in the reader’s language, and keeps the choice made', async () => {
    const before = (await day.store.sessions()).length
    const form = formOf({
      exam: ['lyon.yaml', examText().replace('C9.1', 'C99.1')],
      session: ['lyon-session.yaml', `${titled('Fausse')}couleur: bleu\n`],
      candidates: ['liste.csv', 'code;place\nC01;A1\n'],
      launch: 'clock',
    })
    const fr = await send(form)
    expect(fr.statusCode).toBe(422)
    const text = textOf(fr)
    expect(text).toContain('Rien n’a été gardé')
    expect(text).toContain('liste.csv ligne 1, colonne 1 il manque une colonne «\u202Fn\u202F»')
    expect(text).toContain('lyon-session.yaml ligne 10')
    expect(text).toContain('lyon.yaml ligne 7')
    expect(fr.body).toMatch(/value="clock"[^>]*checked/)
    const en = await send(form, head, '/sessions/new?lang=en')
    expect(textOf(en)).toContain('a column “n”')
    expect((await day.store.sessions()).length).toBe(before)
  })

  it('says beside the field which file is missing or too long', async () => {
    const missing = await send(formOf({ session: ['s.yaml', titled('x')] }))
    expect(missing.statusCode).toBe(422)
    expect(missing.body).toMatch(/id="exam-problem"/)
    const long = await send(
      formOf({
        exam: ['lyon.yaml', 'x'.repeat(1024 * 1024 + 1)],
        session: ['s.yaml', titled('x')],
      }),
    )
    expect(long.statusCode).toBe(422)
    expect(textOf(long)).toContain('dépasse 1 Mo')
    expect(long.body).toMatch(/id="exam-problem"/)
    const many = formOf({ exam: ['lyon.yaml', examText()], session: ['s.yaml', titled('x')] })
    for (let i = 0; i < 20; i++) many.append('authorities', new File(['x'], `${i}.pem`))
    const tooMany = await send(many)
    expect([tooMany.statusCode, textOf(tooMany).includes('plus de 20 fichiers')]).toEqual([422, true])
  })

  it('lets nothing of a file or of its name become markup', async () => {
    const sent = await send(
      formOf({
        exam: ['<img src=x>.yaml', '<script>: 1'],
        session: ['s.yaml', titled('x')],
      }),
    )
    expect(sent.statusCode).toBe(422)
    expect(sent.body).not.toMatch(/<img|<script>/)
  })

  it('is for responsables', async () => {
    const form = formOf({ exam: ['e.yaml', examText()], session: ['s.yaml', titled('x')] })
    for (const role of ['surveillant', 'jury', 'candidate'] as const)
      expect((await send(form, await day.signIn(role))).statusCode).toBe(403)
  })

  it('does not open a session of another responsable to whoever sends the same files', async () => {
    const other = await day.signIn('responsable')
    const form = () => formOf({ exam: ['e.yaml', examText()], session: ['s.yaml', titled('Même')] })
    expect((await send(form(), other)).statusCode).toBe(303)
    const second = await send(form())
    expect([second.statusCode, textOf(second).includes('n’est pas la vôtre')]).toEqual([409, true])
  })
})
