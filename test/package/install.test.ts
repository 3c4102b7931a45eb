import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packed, root, type Packed } from './packed.ts'

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

// Spaces and accents, as in the home of anybody called « Élodie Martin ».
const folder = mkdtempSync(join(tmpdir(), 'probant paquet é '))
const prefix = join(folder, 'préfixe npm')
const command = join(prefix, process.platform === 'win32' ? 'probant.cmd' : 'bin/probant')
let pack: Packed

beforeAll(() => {
  pack = packed(folder)
  // Without scripts, as on a computer that has no compiler: no package may need its own.
  const install = ['install', '--global', '--prefix', prefix, '--ignore-scripts', '--prefer-offline']
  execFileSync('npm', [...install, '--no-audit', '--no-fund', pack.tarball], { cwd: folder, stdio: 'pipe' })
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A place where nothing of Probant was before: an empty folder to work in, a home without anything. */
function emptyPlace(): { cwd: string; env: Record<string, string> } {
  const cwd = mkdtempSync(join(folder, 'dossier vide '))
  const home = mkdtempSync(join(folder, 'chez Élodie '))
  // The Node that the test runs on; what stands beside it is not the tree's.
  const path = [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter)
  return { cwd, env: { HOME: home, USERPROFILE: home, PATH: path, LANG: 'fr_FR.UTF-8' } }
}

interface Said {
  readonly status: number
  readonly out: string
  readonly err: string
}
async function probant(
  args: readonly string[],
  { cwd, env } = emptyPlace(),
  started = command,
): Promise<Said> {
  try {
    const { stdout, stderr } = await promisify(execFile)(started, [...args], { cwd, env, timeout: 45_000 })
    return { status: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string }
    return { status: typeof code === 'number' ? code : -1, out: stdout ?? String(error), err: stderr ?? '' }
  }
}

describe('the package', () => {
  /** All that is shipped, by pattern: whatever else turns up in the tarball turns the test red. */
  const shipped = [
    /^package\.json$/,
    /^README\.md$/,
    /^bin\/(?:probant|places)\.js$/,
    /^dist\/[\w.-]+\.js$/,
    /^dist\/licences\.txt$/,
    /^dist\/referentials\/tp-\d+-\d+\.json$/,
    /^dist\/(?:host|scripts)\/[a-z0-9-]+\.(?:ps1|cs)$/,
    /^dist\/assets\/[\w.-]+\.(?:css|js|svg|ico)$/,
  ]

  it('holds what is needed and nothing else', () => {
    const paths = pack.files.map(({ path }) => path)
    expect(paths.filter((path) => !shipped.some((pattern) => pattern.test(path)))).toEqual([])
    for (const pattern of shipped)
      expect(
        paths.some((path) => pattern.test(path)),
        String(pattern),
      ).toBe(true)
  })

  // 1.1 MB and 4.0 MB on the day this was written: twice that means that something came along.
  it('is small', () => {
    expect(pack.size).toBeLessThan(2_000_000)
    expect(pack.unpackedSize).toBeLessThan(8_000_000)
  })

  it('brings the licences of the code that is bundled in it', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const installed = join(prefix, 'lib/node_modules/probant')
    const texts = readFileSync(join(installed, 'dist/licences.txt'), 'utf8')
    for (const name of Object.keys(dependencies as object))
      expect(
        texts.includes(`${name} `) || existsSync(join(installed, 'node_modules', name)),
        `the licence of ${name}`,
      ).toBe(true)
  })

  it('says what it is, and cannot be published by mistake', () => {
    const said = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>
    expect(said).toMatchObject({ name: 'probant', private: true, bin: { probant: 'bin/probant.js' } })
    for (const field of ['description', 'keywords', 'license', 'engines', 'version'])
      expect(said[field], field).toBeTruthy()
    // What `npm i -g` runs on the computer of a candidate.
    expect(said['scripts']).not.toHaveProperty('install')
    expect(said['scripts']).not.toHaveProperty('postinstall')
  })

  it('installs no package that only building and testing need', () => {
    const packages = join(prefix, 'lib/node_modules/probant/node_modules')
    expect(existsSync(join(packages, 'fastify'))).toBe(true)
    for (const name of ['typescript', 'vitest', 'rolldown', 'oxlint', 'playwright-core', '@swc/core'])
      expect(existsSync(join(packages, name)), name).toBe(false)
  })
})

describe('from an empty folder, the installed command', () => {
  it('says its version and its verbs', async () => {
    expect(await probant(['--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' })
    const { status, out } = await probant(['--help'])
    expect(status).toBe(0)
    for (const verb of ['init', 'self-test', 'check', 'serve']) expect(out).toContain(`  ${verb} `)
  })

  it('is started through a link, and from another folder than its own', async () => {
    const place = emptyPlace()
    const link = join(place.cwd, 'mon probant')
    symlinkSync(command, link)
    expect(await probant(['--version'], place, link)).toMatchObject({ status: 0, out: `${version}\n` })
  })

  const old = '/usr/bin/node'
  const major = existsSync(old) ? Number(execFileSync(old, ['-p', 'parseInt(process.versions.node)'])) : 0
  it.skipIf(major === 0 || major >= 24)(
    `hands over to the Node that came with it where the computer has Node 20 (${old} is an older one here, else skipped)`,
    async () => {
      const { cwd, env } = emptyPlace()
      const place = { cwd, env: { ...env, PATH: '/usr/bin:/bin' } }
      expect(await probant(['--version'], place)).toEqual({ status: 0, out: `${version}\n`, err: '' })
      expect(await probant(['catalogue', 'windows.disk'], place)).toMatchObject({ status: 0 })
      expect(await probant(['chek'], place)).toMatchObject({ status: 2, out: '' })
    },
  )

  it('writes the schemas and shows the catalogue', async () => {
    const place = emptyPlace()
    expect(await probant(['schema'], place)).toMatchObject({ status: 0 })
    expect(readdirSync(place.cwd).sort()).toEqual(['exam.schema.json', 'session.schema.json'])
    const { status, out } = await probant(['catalogue', '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toBeTruthy()
    expect(await probant(['referential', '--json'])).toMatchObject({ status: 0 })
  })

  it('takes an author from nothing to a valid exam, its paper, and a first try on this machine', async () => {
    const place = emptyPlace()
    expect(await probant(['init'], place)).toMatchObject({ status: 0 })
    const validated = await probant(['validate', 'sujet.yaml', 'session.yaml'], place)
    expect(validated, validated.err).toMatchObject({ status: 0 })
    const printed = await probant(['print', 'sujet.yaml', '--format', 'pdf', '--out', 'papier'], place)
    expect(printed, printed.err).toMatchObject({ status: 0 })
    const pdf = readdirSync(place.cwd, { recursive: true })
      .map(String)
      .filter((path) => path.startsWith('papier'))
      .find((path) => bytesOf(join(place.cwd, path)).subarray(0, 5).toString() === '%PDF-')
    expect(pdf).toBeDefined()
    const tried = await probant(['self-test', 'sujet.yaml', '--here', 'web'], place)
    // 3: this machine may lack what a question needs.
    expect([0, 3], tried.err).toContain(tried.status)
    expect(tried.out).not.toBe('')
    for (const { out, err } of [validated, printed, tried]) expect(out + err).not.toMatch(/\n\s+at /)
  })

  it('says where a mistake is', async () => {
    const place = emptyPlace()
    writeFileSync(join(place.cwd, 'sujet.yaml'), 'title: Sujet\npurpose: training\nroles: { web: linus }\n')
    const { status, out, err } = await probant(['validate', 'sujet.yaml'], place)
    expect(status).toBe(2)
    expect(out + err).toMatch(/sujet\.yaml:3:\d+: /)
  })

  it('serves: pages, style sheet, and the store’s binary loads', async () => {
    expect(await probant(['serve', '--help'])).toMatchObject({ status: 0 })
    const { cwd, env } = emptyPlace()
    const child = spawn(command, ['serve', '--port', '0', '--no-agent'], { cwd, env })
    try {
      let said = ''
      const url = await new Promise<string>((resolve, reject) => {
        child.stderr.on('data', (data: Buffer) => {
          said += String(data)
          const found = /(http:\/\/127\.0\.0\.1:\d+\/)\S*\s/.exec(said)
          if (found) resolve(found[1]!)
        })
        child.on('exit', (status) => reject(new Error(`ended with ${status}: ${said}`)))
      })
      const page = await fetch(url)
      expect(page.status).toBe(200)
      const html = await page.text()
      expect(html).toContain('Probant')
      const sheets = [...html.matchAll(/href="([^"]+\.css[^"]*)"/g)].map((match) => match[1]!)
      expect(sheets.length).toBeGreaterThan(0)
      for (const sheet of sheets) expect((await fetch(new URL(sheet, url))).status, sheet).toBe(200)
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect((await ended)[0]).toBe(0)
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('keeps nothing outside the home of who runs it', async () => {
    const place = emptyPlace()
    mkdirSync(join(place.cwd, 'travail'))
    await probant(['catalogue', 'windows.disk'], place)
    expect(readdirSync(place.cwd)).toEqual(['travail'])
  })
})

/** The bytes of a file; none of a folder. */
const bytesOf = (path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
