import { z } from 'zod'
import { NotObserved, returned, type Observed } from '../observation.ts'
import { printable, printableList } from '../printable.ts'
import { same, type Text } from '../text.ts'
import { whole, type Aspect } from '../aspects.ts'

const letter = z.string().regex(/^[A-Za-z]$/)
const bytes = z.int().nonnegative()
const volumeShape = z.object({
  letter,
  /** 2 removable, 3 fixed, 4 remote, 5 CD-ROM. */
  driveType: z.int(),
  /** Empty where it was never formatted. */
  fileSystem: z.string().max(64),
  label: z.string().max(300),
  size: bytes,
  free: bytes,
  /** BitLocker keeps it locked, so that nothing in it is seen; null where that was not told. */
  locked: z.boolean().nullable(),
})
const diskShape = z.object({
  number: z.int(),
  size: bytes,
  offline: z.boolean(),
  readOnly: z.boolean(),
  /** 0 not initialised, 1 MBR, 2 GPT. */
  style: z.int(),
})

/** What the script `disk` gives. */
export const disksShape = z.object({
  administrator: z.boolean(),
  system: letter,
  volumeCount: z.int(),
  volumes: z.array(volumeShape).max(128),
  partitionCount: z.int(),
  partitions: z.array(z.object({ letter, disk: z.int() })).max(128),
  diskCount: z.int(),
  disks: z.array(diskShape).max(128),
})
export type Disks = z.infer<typeof disksShape>
type Disk = z.infer<typeof diskShape>

/** A volume with all that the machine said. */
export interface SeenVolume {
  readonly volume: Disks['volumes'][number]
  readonly all: Disks
}

const isLetter = (asked: string) => (one: { letter: string }) =>
  one.letter.toUpperCase() === asked.toUpperCase()

/** All disks and volumes. Throws NotObserved where the lists are not whole or lack the drive that Windows started from. */
export function seenDisks(observation: Observed<'powershell'> | undefined): Disks {
  const all = returned(observation, disksShape)
  whole(all.volumes, all.volumeCount, 'volumes')
  whole(all.partitions, all.partitionCount, 'partitions')
  whole(all.disks, all.diskCount, 'disks')
  if (!all.volumes.some(isLetter(all.system)))
    throw new NotObserved('control', `the drive ${all.system}: of Windows itself is not among the volumes`)
  return all
}

/** The volume of that letter, or null. Throws NotObserved for an absence that an ordinary account sees. */
export function volumeAt(all: Disks, asked: string): SeenVolume | null {
  const volume = all.volumes.find(isLetter(asked))
  if (volume) return { volume, all }
  if (!all.administrator)
    throw new NotObserved('denied', 'volumes and disks are shown in full to an administrator only')
  return null
}

/** The disk that carries a volume. Throws NotObserved where no partition shows it: a dynamic disk, a CD-ROM. */
function diskOf({ volume, all }: SeenVolume): Disk {
  const partition = all.partitions.find(isLetter(volume.letter))
  const disk = partition && all.disks.find(({ number }) => number === partition.disk)
  if (disk) return disk
  throw new NotObserved('control', `no partition of a basic disk is shown to carry ${volume.letter}:`)
}

const GB = 2 ** 30
const MB = 2 ** 20

/** « 19,98 Go », as Windows counts and writes it. */
export function sizeName(size: number): Text {
  const shown = (size / GB).toFixed(2).replace(/\.?0+$/, '')
  return { fr: `${shown.replace('.', ',')} Go`, en: `${shown} GB` }
}

/**
 * What is kept of a disk: the reserved partition of GPT (up to 128 MB) and the alignment, and what is left over of the
 * 64 MB that ReFS counts in.
 */
const kept = (size: number) => Math.min(200 * MB, size * 0.04)

/** What the file system says of its volume. Throws NotObserved where BitLocker keeps it locked, or may. */
function readable({ volume }: SeenVolume): SeenVolume['volume'] {
  if (volume.locked === true)
    throw new NotObserved('control', `BitLocker keeps ${volume.letter}: locked, and nothing in it is seen`)
  if (volume.locked === null && /^(raw|unknown)?$/i.test(volume.fileSystem))
    throw new NotObserved('control', `whether BitLocker keeps ${volume.letter}: locked was not told`)
  return volume
}

export interface AskedVolume {
  readonly size?: number | undefined
  readonly free?: number | undefined
  readonly fileSystem?: string | undefined
  readonly label?: string | undefined
  readonly disk?: number | undefined
  readonly partitionStyle?: 'mbr' | 'gpt' | undefined
}

const KINDS: Record<number, Text> = {
  2: { fr: 'lecteur amovible', en: 'removable drive' },
  3: { fr: 'disque local', en: 'local disk' },
  4: { fr: 'lecteur réseau', en: 'network drive' },
  5: { fr: 'lecteur de CD ou de DVD', en: 'CD or DVD drive' },
}
const LOCAL = 3
const STYLES: Record<number, Text> = {
  0: { fr: 'disque non initialisé', en: 'disk not initialised' },
  1: same('MBR'),
  2: same('GPT'),
}
const styleName = ({ style }: Disk): Text => STYLES[style] ?? same(`style ${style}`)
const diskName = (number: number): Text => ({ fr: `disque ${number}`, en: `disk ${number}` })
const sameLabel = (a: string, b: string) =>
  a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase()

/** What is asked of a volume, each part for itself. */
export function volumeAspects({ size, free, fileSystem, label, disk, partitionStyle }: AskedVolume) {
  const aspects: Aspect<SeenVolume>[] = [
    {
      expected: KINDS[LOCAL]!,
      look: ({ volume: { driveType } }) => ({
        holds: driveType === LOCAL,
        observed: KINDS[driveType] ?? {
          fr: `lecteur de type ${driveType}`,
          en: `drive of type ${driveType}`,
        },
      }),
    },
  ]
  if (size !== undefined)
    aspects.push({
      expected: atLeast({ fr: 'taille', en: 'size' }, size),
      look: (seen) => {
        const volume = readable(seen)
        return {
          holds: volume.size >= size * GB - kept(size * GB),
          observed: { fr: `taille ${sizeName(volume.size).fr}`, en: `size ${sizeName(volume.size).en}` },
        }
      },
    })
  if (free !== undefined)
    aspects.push({
      expected: atLeast({ fr: 'espace libre', en: 'free space' }, free),
      look: (seen) => {
        const volume = readable(seen)
        return {
          holds: volume.free >= free * GB,
          observed: {
            fr: `espace libre ${sizeName(volume.free).fr}`,
            en: `free space ${sizeName(volume.free).en}`,
          },
        }
      },
    })
  if (fileSystem !== undefined)
    aspects.push({
      expected: same(fileSystem),
      look: (seen) => {
        const volume = readable(seen)
        return {
          holds: volume.fileSystem.toLowerCase() === fileSystem.toLowerCase(),
          observed:
            volume.fileSystem === ''
              ? { fr: 'aucun système de fichiers lisible', en: 'no readable file system' }
              : same(printable(volume.fileSystem)),
        }
      },
    })
  if (label !== undefined)
    aspects.push({
      expected: labelName(label),
      look: (seen) => {
        const volume = readable(seen)
        return { holds: sameLabel(volume.label, label), observed: labelName(volume.label) }
      },
    })
  if (disk !== undefined)
    aspects.push({
      expected: diskName(disk),
      look: (seen) => {
        const { number } = diskOf(seen)
        return { holds: number === disk, observed: diskName(number) }
      },
    })
  if (partitionStyle !== undefined)
    aspects.push({
      expected: same(partitionStyle.toUpperCase()),
      look: (seen) => {
        const found = diskOf(seen)
        return { holds: found.style === (partitionStyle === 'mbr' ? 1 : 2), observed: styleName(found) }
      },
    })
  return aspects
}

const atLeast = (what: Text, size: number): Text => ({
  fr: `${what.fr} d’au moins ${sizeName(size * GB).fr}`,
  en: `${what.en} of at least ${sizeName(size * GB).en}`,
})
const labelName = (label: string): Text =>
  label === ''
    ? { fr: 'sans nom de volume', en: 'no volume label' }
    : { fr: `nom de volume « ${printable(label)} »`, en: `volume label “${printable(label)}”` }

/** What is there instead of the volume asked for: the letters that there are, and the disk that it was to be on. */
export function insteadOf(all: Disks, asked: number | undefined): Text {
  const letters = printableList(all.volumes.map((volume) => `${volume.letter.toUpperCase()}:`).sort(), 26)
  const disk = all.disks.find(({ number }) => number === asked)
  const about = asked === undefined ? null : disk ? stateOf(disk) : noDisk(asked, all)
  return {
    fr: `aucun volume de cette lettre (${letters})${about ? ` ; ${about.fr}` : ''}`,
    en: `no volume of that letter (${letters})${about ? `; ${about.en}` : ''}`,
  }
}

const noDisk = (asked: number, { disks }: Disks): Text => ({
  fr: `pas de ${diskName(asked).fr} (${disks.length} en tout)`,
  en: `no ${diskName(asked).en} (${disks.length} in all)`,
})
const stateOf = (disk: Disk): Text => {
  const { fr, en } = diskName(disk.number)
  const style = styleName(disk)
  return {
    fr: `${fr} ${disk.offline ? 'hors ligne' : 'en ligne'}, ${style.fr}`,
    en: `${en} ${disk.offline ? 'offline' : 'online'}, ${style.en}`,
  }
}
