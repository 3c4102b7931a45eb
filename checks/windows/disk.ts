import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { fail } from '../finding.ts'
import { pattern } from '../pattern.ts'
import { powershell } from '../probe.ts'
import { same, type Text } from '../text.ts'
import { expectedOf, judgeAspects } from '../aspects.ts'
import { insteadOf, seenDisks, volumeAspects, volumeAt } from './disks.ts'

const gigabytes = z.number().positive().max(1_000_000)
const params = z
  .strictObject({
    on: role('windows'),
    letter: described(
      z
        .string()
        .regex(pattern(/^[A-Za-z]:?$/, { fr: 'une lettre de lecteur : E', en: 'a drive letter: E' }))
        .transform((written) => written.slice(0, 1).toUpperCase()),
      { fr: 'Lettre du lecteur : E', en: 'Letter of the drive: E' },
    ),
    // What the partition table keeps of a disk of that size, and ReFS for itself (200 MB at most), is let through.
    size: described(gigabytes.optional(), {
      fr: 'Taille du volume en Go, au moins, comme Windows les compte (1024 × 1024 × 1024 octets)',
      en: 'Size of the volume in GB, at least, as Windows counts them (1024 × 1024 × 1024 bytes)',
    }),
    free: described(gigabytes.optional(), {
      fr: 'Espace libre en Go, au moins',
      en: 'Free space in GB, at least',
    }),
    fileSystem: described(z.enum(['NTFS', 'ReFS', 'exFAT', 'FAT32', 'FAT']).optional(), {
      fr: 'Système de fichiers',
      en: 'File system',
    }),
    label: described(z.string().min(1).max(32).optional(), {
      fr: 'Nom du volume, sans égard à la casse',
      en: 'Name of the volume; case is not looked at',
    }),
    disk: described(z.int().min(0).max(1023).optional(), {
      fr: 'Numéro du disque qui le porte, dans la Gestion des disques (il peut changer au redémarrage)',
      en: 'Number of the disk that it is on, as the disk manager shows it (it may change with a restart)',
    }),
    partitionStyle: described(z.enum(['gpt', 'mbr']).optional(), {
      fr: 'Table de partition de ce disque',
      en: 'How that disk is partitioned',
    }),
  })
  .refine(({ size, free }) => size === undefined || free === undefined || free <= size, {
    path: ['free'],
    params: {
      fr: '« free » est plus grand que « size » : un volume ne peut avoir plus de place libre que de place',
      en: '“free” is larger than “size”: a volume cannot have more free space than space',
    },
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
