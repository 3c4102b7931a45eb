/** `npm run pictures`: takes the pictures of the documentation again, from the lab's recorded runs, in Debian's Chromium. */
import { copyFileSync, globSync, mkdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { launch } from './browser.ts'
import { startRecordedSite } from './recorded-site.ts'

const folder = resolve(import.meta.dirname, '../../docs/images')
mkdirSync(folder, { recursive: true })
const site = await startRecordedSite()
const browser = await launch()
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'fr-FR' })
  await site.signIn(page.context())
  await page.goto(`${site.url}/sessions/${site.session}/jury`)
  await page.screenshot({ path: join(folder, 'session.png') })
  await page.goto(`${site.url}/sessions/${site.session}/candidates/C02#C9`)
  await page.screenshot({ path: join(folder, 'dossier.png') })
} finally {
  await browser.close()
  await site.close()
}

// Those of the guides are of the exam day that a test has just played.
for (const picture of globSync(join(import.meta.dirname, '../../artefacts/guides/*.png')))
  copyFileSync(picture, join(folder, basename(picture)))
