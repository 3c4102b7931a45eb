import { z } from 'zod'
import { powerShellArgument, quoted, quotedList } from '../active-directory/quoted-name.ts'
import { defineCheck, role } from '../define.ts'
import { fail, unknown } from '../finding.ts'
import { returned } from '../observation.ts'
import { powershell } from '../probe.ts'
import { same, type Text } from '../text.ts'
import { expectedOf, judgeAspects } from '../windows/aspects.ts'
import { machineAspects, STATES, SWITCH_TYPES, virtualMachinesShape, VLAN_MODES } from './virtual-machines.ts'

const megabytes = z.int().min(1).max(12_582_912)
const params = z
  .strictObject({
    on: role('windows', 'hypervisor'),
    /** Name of the virtual machine in Hyper-V, not in its own system. */
    name: z.string().min(1).max(100),
    state: z.enum(STATES).optional(),
    generation: z.union([z.literal(1), z.literal(2)]).optional(),
    /** Virtual processors. */
    processors: z.int().min(1).max(2048).optional(),
    /** Memory that it starts with, in MB (4 GB is 4096). */
    memory: megabytes.optional(),
    dynamicMemory: z.boolean().optional(),
    /** Limits of its dynamic memory, in MB. */
    minimumMemory: megabytes.optional(),
    maximumMemory: megabytes.optional(),
    /** Virtual switch that one of its adapters is connected to; that adapter has the type and the VLAN below. */
    switch: z.string().min(1).max(256).optional(),
    switchType: z.enum(SWITCH_TYPES).optional(),
    /** VLAN of the adapter in access mode; in trunk mode, one that it lets through. */
    vlan: z.int().min(1).max(4094).optional(),
    vlanMode: z.enum(VLAN_MODES).optional(),
    /** Sizes in GB that its disks must have among them, as the machine sees them. */
    disks: z.array(z.number().positive().max(65_536)).min(1).max(16).optional(),
    /** Name of a checkpoint. */
    checkpoint: z.string().min(1).max(256).optional(),
    /** How many checkpoints there are, those of backups, of replication and of an automatic kind not counted. */
    checkpoints: z.int().min(0).max(50).optional(),
  })
  .refine(
    ({ vlan, vlanMode }) => vlan === undefined || ['access', 'trunk'].includes(vlanMode ?? 'access'),
    'vlan, vlanMode',
  )
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
