import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { systemReason } from '../../agent/commands/system-reason.ts'
import { words } from '../../server/pages/wording.ts'
import { startExamDay } from '../server/exam-day-server.ts'
import { root } from './sources.ts'
import { saysWhatToDo } from './next-step.ts'

const folder = mkdtempSync(join(tmpdir(), 'probant-unexpected-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/**
 * The command with a fault in it: its référentiels' loader is replaced, before it starts, by one that throws what no
 * sentence was written for.
 */
function faulty(lang: 'fr' | 'en', env: Record<string, string> = {}) {
  const hook = join(folder, 'fault.mjs')
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module'
registerHooks({ load: (url, context, next) => url.endsWith('/referentials.ts')
  ? { format: 'module', shortCircuit: true, source: 'export const readReferentials = () => { throw new TypeError("Cannot read properties of undefined (reading \\'x\\')") }' }
  : next(url, context) })
`,
  )
  mkdirSync(join(folder, 'maison'), { recursive: true })
  return new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--import', hook, join(root, 'probant.ts'), 'referential'],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          PROBANT_HOME: join(folder, 'maison'),
          PROBANT_LANG: lang,
          ...env,
        },
      },
      (error, out, err) =>
        resolve({
          status: error === null ? 0 : Number(error.code ?? -1),
          out: String(out),
          err: String(err),
        }),
    )
  })
}

describe('an error that nobody foresaw', { timeout: 60_000 }, () => {
  it.each([
    ['fr', 'erreur interne'],
    ['en', 'internal error'],
  ] as const)(
    'of the command is one sentence in %s, without its trace, that says what to do',
    async (lang, words) => {
      const { status, out, err } = await faulty(lang)
      expect([status, out]).toEqual([1, ''])
      expect(err).toContain(words)
      expect(err.trim().split('\n')).toHaveLength(1)
      expect(saysWhatToDo[lang](err)).toBe(true)
      expect(err).not.toMatch(/\n\s+at |node:/)
    },
  )

  it('of the command shows its trace to whoever asks for it', async () => {
    expect((await faulty('fr', { PROBANT_DEBUG: '1' })).err).toMatch(/\n\s+at /)
  })

  // The store of a server that runs is damaged by another program: its pages and its API go on, and say it.
  it('of the server is a page in the language of the viewer and a problem in both, without its trace', async () => {
    const day = await startExamDay()
    const responsable = await day.signIn('responsable')
    const store = new SQLite(join(day.folder, 'probant.sqlite'))
    store.exec('ALTER TABLE session RENAME TO gone')
    store.close()
    const problem = await day.get('/api/v1/sessions', responsable)
    const pages = {
      fr: await day.get('/?lang=fr', responsable),
      en: await day.get('/?lang=en', responsable),
    }
    await day.close()

    for (const { statusCode, body } of [problem, ...Object.values(pages)]) {
      expect(statusCode).toBe(500)
      expect(body).not.toMatch(/no such table|SqliteError|SELECT|\n\s+at |node:/i)
    }
    const { code, message } = problem.json() as { code: string; message: { fr: string; en: string } }
    expect(code).toBe('internal')
    for (const lang of ['fr', 'en'] as const) {
      expect([message[lang], saysWhatToDo[lang](message[lang])]).toEqual([message[lang], true])
      expect(pages[lang].body).toContain(`<html lang="${lang}">`)
      expect(pages[lang].body).toContain(words.failedMeans[lang])
      expect(saysWhatToDo[lang](words.failedMeans[lang])).toBe(true)
    }
  })
})

describe('what the system refuses', () => {
  const failing = (code: string) => Object.assign(new Error(code), { code })

  it.each(['ENOENT', 'EACCES', 'EISDIR', 'ENOSPC', 'EROFS', 'EADDRINUSE', 'ELOOP', 'EMFILE'])(
    'by %s says what to do next',
    (code) => {
      const { fr, en } = systemReason(failing(code))
      expect([fr, saysWhatToDo.fr(fr)]).toEqual([fr, true])
      expect([en, saysWhatToDo.en(en)]).toEqual([en, true])
    },
  )
})
