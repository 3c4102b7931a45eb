import { fileURLToPath } from 'node:url'

export interface Asset {
  readonly type: string
  readonly body: string
}

/** Beside this file, and beside what it is built into. */
const folder = './assets/'

/**
 * The style sheets and the icon, by the path they are served under: read once, at the start.
 * @param read reads a file as UTF-8 text.
 * @throws where one is missing: the installation is broken.
 */
export async function readAssets(
  read: (path: string, encoding: 'utf8') => Promise<string>,
): Promise<ReadonlyMap<string, Asset>> {
  const own = (name: string): Promise<string> =>
    read(fileURLToPath(new URL(folder + name, import.meta.url)), 'utf8')
  return new Map([
    [
      '/assets/pico.css',
      {
        type: 'text/css; charset=utf-8',
        body: await read(fileURLToPath(import.meta.resolve('@picocss/pico/css/pico.min.css')), 'utf8'),
      },
    ],
    ['/assets/sheet.css', { type: 'text/css; charset=utf-8', body: await own('sheet.css') }],
    ['/assets/live.js', { type: 'text/javascript; charset=utf-8', body: await own('live.js') }],
    ['/assets/icon.svg', { type: 'image/svg+xml', body: await own('icon.svg') }],
  ])
}
