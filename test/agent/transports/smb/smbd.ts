import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ensure, program } from '../../../setup/debian.ts'
import { freePort, start } from '../service.ts'

/** Whether a real smbd and the agent's smbclient can be had here. */
export const smbdReady = (): boolean => process.getuid?.() === 0 && ensure(['samba', 'smbclient'])

export interface Smbd {
  readonly port: number
  /** The folder that the share is. */
  readonly folder: string
  /** Ends it, and leaves what it serves. */
  kill(): Promise<void>
  /** Starts it again after `kill`, on the same port. */
  startAgain(): Promise<void>
  stop(): Promise<void>
}

/** What a file's owner is not: a file that only root reads is forbidden to it. */
export const user = 'nobody'
export const password = 'Un secret qui ne se montre pas'

/** A real smbd on loopback with one share of that name, read by `user` alone. */
export async function smbd(share: string): Promise<Smbd> {
  const home = mkdtempSync(join(tmpdir(), 'probant-smbd-'))
  const folder = join(home, 'share')
  mkdirSync(folder)
  execFileSync('chmod', ['755', home])
  const port = await freePort()
  const kept = ['private', 'lock', 'state', 'cache', 'pid', 'ncalrpc'].map((name) => {
    mkdirSync(join(home, name))
    return `${name} ${name === 'ncalrpc' || name === 'private' ? 'dir' : 'directory'} = ${join(home, name)}`
  })
  const config = join(home, 'smb.conf')
  writeFileSync(
    config,
    `[global]
interfaces = 127.0.0.1
bind interfaces only = yes
smb ports = ${port}
server role = standalone
disable netbios = yes
load printers = no
${kept.join('\n')}
[${share}]
path = ${folder}
read only = yes
`,
  )
  const smbpasswd = ['-c', config, '-s', '-a', user]
  execFileSync('smbpasswd', smbpasswd, {
    input: `${password}\n${password}\n`,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const begin = () =>
    start(
      program('smbd')!,
      ['--foreground', '--no-process-group', `--configfile=${config}`, `--log-basename=${home}`],
      () => takes(port),
    )
  let service = await begin()
  return {
    port,
    folder,
    kill: () => service.stop(),
    startAgain: async () => {
      service = await begin()
    },
    stop: async () => {
      await service.stop()
      // What it was writing may still come.
      rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

const takes = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })

/** Writes files below a folder, and the folders that they need. */
export function plant(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    const at = join(folder, path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, content)
  }
}
