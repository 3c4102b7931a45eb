import { z } from 'zod'
import { defineCheck, role } from '../define.ts'
import { pattern } from '../pattern.ts'
import { passIf, unknown } from '../finding.ts'
import { output } from '../observation.ts'
import { printable, typed } from '../printable.ts'
import { same, type Text } from '../text.ts'
import { compareVersions } from './debian-version.ts'
import { dpkgPackages, parsePackages } from './dpkg-packages.ts'

const asksFor = (params: { installed: boolean; version?: string | undefined }): Text =>
  !params.installed
    ? { fr: 'non installé', en: 'not installed' }
    : params.version === undefined
      ? { fr: 'installé', en: 'installed' }
      : {
          fr: `installé, version ${params.version} ou plus récente`,
          en: `installed, version ${params.version} or later`,
        }

/** `package` is a reserved word. */
export const debianPackage = defineCheck({
  id: 'linux.package',
  criteria: ['C9.1', 'S2.3'],
  says: { fr: 'Le paquet {name} est dans l’état demandé', en: 'Package {name} is in the state asked for' },
  observes: {
    fr: 'l’état et la version du paquet Debian, selon dpkg',
    en: 'the state and the version of the Debian package, according to dpkg',
  },
  control: { fr: 'dpkg se nomme lui-même comme installé', en: 'dpkg names itself as installed' },
  asks: ['command'],
  proven: 'live',
  params: z.strictObject({
    on: role('linux'),
    name: z.string().regex(
      pattern(/^[a-z0-9][a-z0-9+.-]+$/, {
        fr: 'le nom d’un paquet Debian : nginx',
        en: 'the name of a Debian package: nginx',
      }),
    ),
    installed: z.boolean().default(true),
    /** The oldest version that will do. */
    version: z
      .string()
      .regex(
        pattern(/^[A-Za-z0-9.+~:-]{1,128}$/, {
          fr: 'une version Debian : 1.22.1-9',
          en: 'a Debian version: 1.22.1-9',
        }),
      )
      .optional(),
  }),
  probes: ({ on }) => ({ packages: dpkgPackages(on) }),
  judge: ({ packages }, params) => {
    const expected = asksFor(params)
    const all = parsePackages(output(packages))
    if (!all.some((p) => p.name === 'dpkg' && p.status === 'installed'))
      return unknown('control', 'dpkg-query did not name dpkg itself as installed', expected)
    // The same package may be there for several architectures.
    const found = all.filter((p) => p.name === params.name)
    const installed = found.find((p) => p.status === 'installed')
    if (!installed) {
      const rest = found.find((p) => p.status !== 'not-installed')?.status
      const observed: Text =
        rest === undefined
          ? {
              fr: `non installé (${all.length} paquets connus)`,
              en: `not installed (${all.length} packages known)`,
            }
          : {
              fr: `non installé (état dpkg : ${printable(rest)})`,
              en: `not installed (dpkg state: ${printable(rest)})`,
            }
      return passIf(!params.installed, expected, observed)
    }
    const version = printable(installed.version, 60)
    const recent = params.version === undefined || compareVersions(installed.version, params.version) >= 0
    return passIf(params.installed && recent, expected, {
      fr: `installé, version ${version}`,
      en: `installed, version ${version}`,
    })
  },
  expects: asksFor,
  byHand: ({ name }) => same(typed(['dpkg', '-l', name])),
})
