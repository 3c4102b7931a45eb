import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The three faces that a paper is set in. Condensed: a dossier holds more on a page and stays legible. */
export const faces = {
  regular: 'DejaVuSansCondensed',
  bold: 'DejaVuSansCondensed-Bold',
  mono: 'DejaVuSansMono',
} as const
export type Face = keyof typeof faces

export type Typeface = Readonly<Record<Face, Uint8Array>>

let loading: Promise<Typeface> | undefined

/** The font files, read once. Rejects where one is missing: the installation is broken. */
export function typeface(): Promise<Typeface> {
  loading ??= read().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function read(): Promise<Typeface> {
  const file = (name: string) =>
    readFile(fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)))
  const [regular, bold, mono] = await Promise.all([file(faces.regular), file(faces.bold), file(faces.mono)])
  return { regular, bold, mono }
}
