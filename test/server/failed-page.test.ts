import { expect, it } from 'vitest'
import { startExamDay } from './exam-day-server.ts'

it('an error of the server is a page for people and a problem for programs, and tells neither its contents', async () => {
  const day = await startExamDay()
  const responsable = await day.signIn('responsable')
  day.store.life.ownSessions = () => Promise.reject(new Error('secret of the store'))
  const page = await day.get('/', responsable)
  expect([page.statusCode, page.headers['content-type']]).toEqual([500, 'text/html; charset=utf-8'])
  const problem = await day.get('/api/v1/sessions', responsable)
  expect([problem.statusCode, problem.json().code]).toEqual([500, 'internal'])
  for (const { body } of [page, problem]) expect(body).not.toMatch(/secret of the store|\n\s+at |node:/)
  // What to do next, in the language of the viewer.
  expect(page.body).toContain('Revenez en arrière et réessayez')
  await day.close()
})
