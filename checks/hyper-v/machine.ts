import { z } from 'zod'
import { powerShellArgument, quoted, quotedList } from '../active-directory/quoted-name.ts'
import { defineCheck, role } from '../define.ts'
import { described } from '../described.ts'
import { fail, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { powershell } from '../probe.ts'
import { same, type Text } from '../text.ts'
import { expectedOf, judgeAspects } from '../aspects.ts'
import { machineAspects, STATES, SWITCH_TYPES, virtualMachinesShape, VLAN_MODES } from './virtual-machines.ts'

const megabytes = z.int().min(1).max(12_582_912)
const params = z
  .strictObject({
    on: role('windows', 'hypervisor'),
    name: described(z.string().min(1).max(100), {
      fr: 'Nom de la machine virtuelle dans Hyper-V, et non dans son propre système',
      en: 'Name of the virtual machine in Hyper-V, not in its own system',
    }),
    state: described(z.enum(STATES).optional(), {
      fr: 'État : running en marche, off arrêtée, saved enregistrée, paused en pause',
      en: 'State: running, off, saved or paused',
    }),
    generation: described(z.union([z.literal(1), z.literal(2)]).optional(), {
      fr: 'Génération : 1 (BIOS) ou 2 (UEFI)',
      en: 'Generation: 1 (BIOS) or 2 (UEFI)',
    }),
    processors: described(z.int().min(1).max(2048).optional(), {
      fr: 'Nombre de processeurs virtuels',
      en: 'Number of virtual processors',
    }),
    memory: described(megabytes.optional(), {
      fr: 'Mémoire au démarrage, en Mo (4 Go font 4096)',
      en: 'Memory that it starts with, in MB (4 GB is 4096)',
    }),
    dynamicMemory: described(z.boolean().optional(), {
      fr: 'Si sa mémoire est dynamique',
      en: 'Whether its memory is dynamic',
    }),
    minimumMemory: described(megabytes.optional(), {
      fr: 'Minimum de sa mémoire dynamique, en Mo',
      en: 'Minimum of its dynamic memory, in MB',
    }),
    maximumMemory: described(megabytes.optional(), {
      fr: 'Maximum de sa mémoire dynamique, en Mo',
      en: 'Maximum of its dynamic memory, in MB',
    }),
    switch: described(z.string().min(1).max(256).optional(), {
      fr: 'Commutateur virtuel auquel une de ses cartes est connectée ; cette carte a le type et le VLAN qui suivent',
      en: 'Virtual switch that one of its adapters is connected to; that adapter has the type and the VLAN below',
    }),
    switchType: described(z.enum(SWITCH_TYPES).optional(), {
      fr: 'Type de ce commutateur : external externe, internal interne, private privé',
      en: 'Type of that switch: external, internal or private',
    }),
    vlan: described(z.int().min(1).max(4094).optional(), {
      fr: 'VLAN de la carte en mode accès ; en mode trunk, un de ceux qu’elle laisse passer',
      en: 'VLAN of the adapter in access mode; in trunk mode, one that it lets through',
    }),
    vlanMode: described(z.enum(VLAN_MODES).optional(), {
      fr: 'Mode de VLAN de la carte : untagged sans étiquette, access, trunk, private',
      en: 'VLAN mode of the adapter: untagged, access, trunk or private',
    }),
    disks: described(z.array(z.number().positive().max(65_536)).min(1).max(16).optional(), {
      fr: 'Tailles en Go qui doivent être parmi celles de ses disques, comme la machine les voit',
      en: 'Sizes in GB that its disks must have among them, as the machine sees them',
    }),
    checkpoint: described(z.string().min(1).max(256).optional(), {
      fr: 'Nom d’un point de contrôle',
      en: 'Name of a checkpoint',
    }),
    checkpoints: described(z.int().min(0).max(50).optional(), {
      fr: 'Nombre de points de contrôle, sans ceux des sauvegardes, de la réplication et automatiques',
      en: 'How many checkpoints there are, those of backups, of replication and of an automatic kind not counted',
    }),
  })
  .refine(({ vlan, vlanMode }) => vlan === undefined || ['access', 'trunk'].includes(vlanMode ?? 'access'), {
    path: ['vlan'],
    params: {
      fr: '« vlan » ne va qu’avec « vlanMode: access » (ou rien) ou « vlanMode: trunk »',
      en: '“vlan” only goes with “vlanMode: access” (or none) or “vlanMode: trunk”',
    },
  })
  .refine(({ minimumMemory: least = 0, maximumMemory: most = Infinity }) => least <= most, {
    path: ['maximumMemory'],
    params: {
      fr: '« maximumMemory » est plus petit que « minimumMemory »',
      en: '“maximumMemory” is smaller than “minimumMemory”',
    },
  })
type Params = z.output<typeof params>

const subject = ({ name }: Params): Text => ({
  fr: `machine virtuelle ${quoted(name).fr}`,
  en: `virtual machine ${quoted(name).en}`,
})
const asksFor = (asked: Params): Text => expectedOf(subject(asked), machineAspects(asked))

export const virtualMachine = defineCheck({
  id: 'hyper-v.machine',
  criteria: ['C7.1', 'C7.2'],
  says: {
    fr: 'La machine virtuelle « {name} » est configurée dans Hyper-V',
    en: 'Virtual machine “{name}” is configured in Hyper-V',
  },
  observes: {
    fr: 'la machine virtuelle, ses cartes réseau, disques et points de contrôle, selon Hyper-V',
    en: 'the virtual machine, its network adapters, disks and checkpoints, according to Hyper-V',
  },
  control: {
    fr: 'le compte administre Hyper-V, qui se compte lui-même avec ses machines ; sans le rôle, la liste des services a RpcSs',
    en: 'the account administers Hyper-V, which counts itself with its machines; without the role, the list of services has RpcSs',
  },
  asks: ['powershell'],
  proven: 'recorded',
  params,
  probes: ({ on }, _facts, siblings) => {
    const together = siblings.filter((other) => other.on === on).map(({ name }) => name.toLowerCase())
    return { machines: powershell(on, 'hyper-v-machines', { names: [...new Set(together)].sort() }) }
  },
  judge: (seen, asked) => {
    const expected = asksFor(asked)
    const { witness, installed, status, administrator, host } = returned(seen.machines, virtualMachinesShape)
    if (!installed)
      return witness
        ? fail(expected, { fr: 'rôle Hyper-V non installé', en: 'Hyper-V role not installed' })
        : unknown('control', 'the list of services does not hold RpcSs', expected)
    if (!host)
      return unknown('control', `the vmms service does not run (status ${status})`, expected, {
        observed: { fr: 'service de gestion Hyper-V arrêté', en: 'Hyper-V management service stopped' },
      })
    const wanted = asked.name.toLowerCase()
    const findings = host.machines
      .filter(({ name }) => name.toLowerCase() === wanted)
      .map((machine) => judgeAspects(subject(asked), machineAspects(asked), machine))
    // Several machines may have one name: the one that is as asked for is the one that was meant.
    const best = ['pass', 'unknown', 'fail'].flatMap((verdict) =>
      findings.filter((f) => f.verdict === verdict),
    )[0]
    if (best) return best
    if (!administrator)
      return unknown('denied', 'the account administers neither the machine nor Hyper-V', expected)
    if (
      host.processors < 1 ||
      host.machines.length !== host.machineCount ||
      host.systemCount !== host.machineCount + 1
    )
      return unknown(
        'control',
        `${host.machines.length} machines shown, ${host.machineCount} counted, ${host.systemCount} systems with the host`,
        expected,
      )
    const others = quotedList(host.machines.map(({ name }) => name))
    return fail(expected, {
      fr: `aucune machine virtuelle de ce nom${others.fr ? ` ; machines ${others.fr}` : ''}`,
      en: `no virtual machine of that name${others.en ? `; machines ${others.en}` : ''}`,
    })
  },
  expects: asksFor,
  byHand: ({ name }) => {
    const vm = powerShellArgument(name)
    return same(
      `Get-VM -Name ${vm} | Format-List *; Get-VMNetworkAdapter -VMName ${vm}; Get-VMNetworkAdapterVlan -VMName ${vm}; Get-VMSnapshot -VMName ${vm}`,
    )
  },
})
