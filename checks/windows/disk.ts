import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { fail } from '../finding.ts'
import { pattern } from '../pattern.ts'
import { powershell } from '../probe.ts'
import { same, type Text } from '../text.ts'
import { expectedOf, judgeAspects } from './aspects.ts'
import { insteadOf, seenDisks, volumeAspects, volumeAt } from './disks.ts'

const gigabytes = z.number().positive().max(1_000_000)
const params = z.strictObject({
  on: role('windows'),
  /** Letter of the drive: `E`. */
  letter: z
    .string()
    .regex(pattern(/^[A-Za-z]:?$/, { fr: 'une lettre de lecteur : E', en: 'a drive letter: E' }))
    .transform((written) => written.slice(0, 1).toUpperCase()),
  /**
   * Gigabytes of the volume, at least, as Windows counts them (1024 × 1024 × 1024 bytes). What the partition table keeps
   * of a disk of that size, and ReFS for itself (200 MB at most), is let through.
   */
  size: gigabytes.optional(),
  /** Gigabytes that are free, at least. */
  free: gigabytes.optional(),
  fileSystem: z.enum(['NTFS', 'ReFS', 'exFAT', 'FAT32', 'FAT']).optional(),
  /** Name of the volume; case is not looked at. */
  label: z.string().min(1).max(32).optional(),
  /** Number of the disk that it is on, as the disk manager shows it; numbers may change with a restart. */
  disk: z.int().min(0).max(1023).optional(),
  /** How that disk is partitioned. */
  partitionStyle: z.enum(['gpt', 'mbr']).optional(),
})
type Params = z.output<typeof params>

const subject = ({ letter }: Params): Text => ({ fr: `volume ${letter}:`, en: `volume ${letter}:` })
const asksFor = (asked: Params): Text => expectedOf(subject(asked), volumeAspects(asked))

export const disk = defineCheck({
  id: 'windows.disk',
  criteria: ['C8.3'],
  says: { fr: 'Le volume {letter}: est conforme à la demande', en: 'Volume {letter}: is as asked for' },
  observes: {
    fr: 'le volume, sa taille, son système de fichiers, et le disque qui le porte',
    en: 'the volume, its size, its file system, and the disk that carries it',
  },
  control: {
    fr: 'le lecteur d’où Windows a démarré est dans la liste, lue par un administrateur',
    en: 'the drive that Windows started from is in the list, read by an administrator',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  // The whole list is short: one question for all volumes.
  probes: ({ on }) => ({ disks: powershell(on, 'disk') }),
  judge: (seen, asked) => {
    const all = seenDisks(seen.disks)
    const found = volumeAt(all, asked.letter)
    return found
      ? judgeAspects(subject(asked), volumeAspects(asked), found)
      : fail(asksFor(asked), insteadOf(all, asked.disk))
  },
  expects: asksFor,
  byHand: ({ letter }) => same(`Get-Volume ${letter}; Get-Partition -DriveLetter ${letter} | Get-Disk`),
})
