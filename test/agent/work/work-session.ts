import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { afterAll } from 'vitest'

/** A session as a server keeps it. */
export interface SessionText {
  readonly id: string
  readonly files: { name: string; text: string }[]
}

/** A session of two candidates who have this very machine, and share a web server at `port`. */
export function workSession(
  port: number,
  extra: { exam?: string; title?: string; password?: string } = {},
): SessionText {
  const exam = extra.exam ?? 'sujet.yaml'
  const text = `exam: ${exam}
title: ${extra.title ?? 'Une session'}
date: 2026-12-01
targets:
  moi: { address: 127.0.0.1, local: true }
  muet: { address: 127.0.0.1, ssh: { credential: personne, port: 1 } }
credentials: { personne: { user: nobody, password: ${extra.password ?? 'env:PROBANT_TEST_PASSWORD'} } }
shared:
  web: { address: 127.0.0.1, candidates: 1 }
candidates:
  - { code: C01, n: 1, seat: A1 }
  - { code: C02, n: 2, seat: A2 }
`
  const examText = `title: Sujet local
purpose: examination
referential: tp-01351-01
certificate: TITRE
roles: { moi: linux, muet: linux, web: supervision }
demands:
  - { id: fichier, criteria: [C9.1], checks: [{ linux.file: { on: moi, path: /etc/hostname, type: file } }] }
  - { id: accueil, criteria: [C9.1], checks: [{ http.site: { on: web, port: ${port}, path: /same } }] }
  - { id: page, criteria: [C9.1], checks: [{ http.site: { on: web, port: ${port}, path: "/page-{{n}}" } }] }
  - { id: muet, criteria: [C9.1], checks: [{ linux.file: { on: muet, path: /etc/hostname, type: file } }] }
`
  return {
    id: createHash('sha256').update(text).digest('hex'),
    files: [
      { name: 'session.yaml', text },
      { name: exam, text: examText },
    ],
  }
}

/** A web server that answers when it is told to. */
export interface Gate {
  readonly port: number
  /** Paths, in the order in which they were asked for. */
  readonly asked: string[]
  /** How many were being asked at once, at most. */
  most: number
  open: boolean
  /** Answers what waits, and what comes from now on. */
  release(): void
  close(): void
}

export async function gate(): Promise<Gate> {
  const waiting = new Set<ServerResponse>()
  const answer = (response: ServerResponse) => {
    waiting.delete(response)
    response.end('<title>ok</title>')
  }
  const server: Server = createServer((request, response) => {
    made.asked.push(request.url ?? '')
    waiting.add(response)
    made.most = Math.max(made.most, waiting.size)
    response.on('close', () => waiting.delete(response))
    if (made.open) setImmediate(() => answer(response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const made: Gate = {
    port: (server.address() as { port: number }).port,
    asked: [],
    most: 0,
    open: false,
    release() {
      made.open = true
      for (const response of waiting) answer(response)
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  afterAll(() => made.close())
  return made
}

/** Waits for something, with a deadline. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 20_000,
): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((r) => setTimeout(r, 5)))
    if (await holds()) return
  throw new Error(`never: ${what}`)
}
