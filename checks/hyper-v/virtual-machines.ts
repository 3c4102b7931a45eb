import { z } from 'zod'
import { quoted, quotedList } from '../active-directory/quoted-name.ts'
import { NotObserved } from '../observation.ts'
import { printable, printableList } from '../printable.ts'
import { joined, same, type Text } from '../text.ts'
import { whole, type Aspect } from '../aspects.ts'

const text = z.string().max(1024)
const adapter = z.object({
  mac: text,
  switch: text,
  switchType: text.nullable(),
  vlanMode: text,
  vlan: z.int(),
  trunk: z.array(z.int()).max(4096),
  displayName: text,
})

/** What the script `hyper-v-machines` gives. */
export const virtualMachinesShape = z.object({
  /** The list of registered services holds RpcSs, as on every Windows. */
  witness: z.boolean(),
  installed: z.boolean(),
  /** ServiceControllerStatus: 1 stopped, 4 running; null where it was not shown. */
  status: z.int().nullable(),
  /** The account is an administrator of the machine or of Hyper-V: it is shown every virtual machine. */
  administrator: z.boolean(),
  host: z
    .object({
      processors: z.int(),
      /** Computer systems in Hyper-V's CIM namespace, the host itself included. */
      systemCount: z.int(),
      machines: z
        .array(
          z.object({
            name: text,
            state: text,
            detail: z
              .object({
                generation: z.int(),
                processors: z.int(),
                /** Bytes. */
                memoryStartup: z.int(),
                memoryDynamic: z.boolean(),
                memoryMinimum: z.int(),
                memoryMaximum: z.int(),
                adapters: z.array(adapter).max(256),
                adapterCount: z.int(),
                disks: z
                  .array(z.object({ path: text, size: z.int().nullable(), type: text.nullable() }))
                  .max(256),
                diskCount: z.int(),
                checkpoints: z.array(z.object({ name: text, type: text, automatic: z.boolean() })).max(256),
                checkpointCount: z.int(),
              })
              .nullable(),
          }),
        )
        .max(256),
      machineCount: z.int(),
    })
    .nullable(),
})
export type VirtualMachines = z.output<typeof virtualMachinesShape>
export type VirtualMachine = NonNullable<VirtualMachines['host']>['machines'][number]
export type Detail = NonNullable<VirtualMachine['detail']>
type Adapter = Detail['adapters'][number]
type Checkpoint = Detail['checkpoints'][number]

export const STATES = ['running', 'off', 'saved', 'paused'] as const
export const SWITCH_TYPES = ['external', 'internal', 'private'] as const
export const VLAN_MODES = ['untagged', 'access', 'trunk', 'private'] as const
type State = (typeof STATES)[number]
type SwitchType = (typeof SWITCH_TYPES)[number]
type VlanMode = (typeof VLAN_MODES)[number]

/** What an exam may ask of a machine; see the check's parameters. */
export interface MachineAsked {
  readonly state?: State | undefined
  readonly generation?: 1 | 2 | undefined
  readonly processors?: number | undefined
  readonly memory?: number | undefined
  readonly dynamicMemory?: boolean | undefined
  readonly minimumMemory?: number | undefined
  readonly maximumMemory?: number | undefined
  readonly switch?: string | undefined
  readonly switchType?: SwitchType | undefined
  readonly vlan?: number | undefined
  readonly vlanMode?: VlanMode | undefined
  readonly disks?: readonly number[] | undefined
  readonly checkpoint?: string | undefined
  readonly checkpoints?: number | undefined
}

export const machineAspects = (asked: MachineAsked): Aspect<VirtualMachine>[] => [
  ...(asked.state === undefined ? [] : [stateAspect(asked.state)]),
  ...(asked.generation === undefined ? [] : [generationAspect(asked.generation)]),
  ...(asked.processors === undefined ? [] : [processorsAspect(asked.processors)]),
  ...(asked.memory === undefined ? [] : [memoryAspect('startup', asked.memory)]),
  ...(asked.dynamicMemory === undefined ? [] : [dynamicAspect(asked.dynamicMemory)]),
  ...(asked.minimumMemory === undefined ? [] : [memoryAspect('minimum', asked.minimumMemory)]),
  ...(asked.maximumMemory === undefined ? [] : [memoryAspect('maximum', asked.maximumMemory)]),
  ...networkAspect(asked),
  ...(asked.disks === undefined ? [] : [disksAspect(asked.disks)]),
  ...(asked.checkpoint === undefined ? [] : [checkpointAspect(asked.checkpoint)]),
  ...(asked.checkpoints === undefined ? [] : [checkpointsAspect(asked.checkpoints)]),
]

const STATE_TEXT: Readonly<Record<State, Text>> = {
  running: { fr: 'en cours d’exécution', en: 'running' },
  off: { fr: 'éteinte', en: 'off' },
  saved: { fr: 'enregistrée', en: 'saved' },
  paused: { fr: 'suspendue', en: 'paused' },
}
const stateAspect = (asked: State): Aspect<VirtualMachine> => ({
  expected: STATE_TEXT[asked],
  look: ({ state }) => {
    const found = STATES.find((one) => one === state.toLowerCase())
    if (!found) throw new NotObserved('control', `state of the machine: ${state}`)
    return { holds: found === asked, observed: STATE_TEXT[found] }
  },
})

const generationAspect = (asked: number): Aspect<VirtualMachine> => {
  const said = (generation: number): Text => ({
    fr: `génération ${generation}`,
    en: `generation ${generation}`,
  })
  return {
    expected: said(asked),
    look: (machine) => {
      const { generation } = detailOf(machine)
      return { holds: generation === asked, observed: said(generation) }
    },
  }
}

const processorsAspect = (asked: number): Aspect<VirtualMachine> => {
  const said = (count: number): Text => ({
    fr: `${count} processeur${count > 1 ? 's virtuels' : ' virtuel'}`,
    en: `${count} virtual processor${count > 1 ? 's' : ''}`,
  })
  return {
    expected: said(asked),
    look: (machine) => {
      const { processors } = detailOf(machine)
      return { holds: processors === asked, observed: said(processors) }
    },
  }
}

const MEGABYTE = 2 ** 20
const GIGABYTE = 2 ** 30
const MEMORY_TEXT = {
  startup: { fr: 'mémoire au démarrage', en: 'startup memory' },
  minimum: { fr: 'mémoire minimale', en: 'minimum memory' },
  maximum: { fr: 'mémoire maximale', en: 'maximum memory' },
}
const memoryAspect = (which: keyof typeof MEMORY_TEXT, asked: number): Aspect<VirtualMachine> => {
  const said = (megabytes: number): Text => ({
    fr: `${MEMORY_TEXT[which].fr} ${decimal(megabytes).fr} Mo`,
    en: `${MEMORY_TEXT[which].en} ${decimal(megabytes).en} MB`,
  })
  return {
    expected: said(asked),
    look: (machine) => {
      const { memoryStartup, memoryDynamic, memoryMinimum, memoryMaximum } = detailOf(machine)
      // The limits that are kept of a machine without dynamic memory limit nothing.
      if (which !== 'startup' && !memoryDynamic) return { holds: false, observed: dynamicText(false) }
      const bytes = { startup: memoryStartup, minimum: memoryMinimum, maximum: memoryMaximum }[which]
      return { holds: bytes === asked * MEGABYTE, observed: said(bytes / MEGABYTE) }
    },
  }
}

const decimal = (value: number): Text => {
  const shown = String(Math.round(value * 100) / 100)
  return { fr: shown.replace('.', ','), en: shown }
}

const dynamicText = (dynamic: boolean): Text =>
  dynamic
    ? { fr: 'mémoire dynamique', en: 'dynamic memory' }
    : { fr: 'mémoire statique', en: 'static memory' }
const dynamicAspect = (asked: boolean): Aspect<VirtualMachine> => ({
  expected: dynamicText(asked),
  look: (machine) => {
    const { memoryDynamic } = detailOf(machine)
    return { holds: memoryDynamic === asked, observed: dynamicText(memoryDynamic) }
  },
})

const SWITCH_TEXT: Readonly<Record<SwitchType, Text>> = {
  external: { fr: 'externe', en: 'external' },
  internal: { fr: 'interne', en: 'internal' },
  private: { fr: 'privé', en: 'private' },
}
const vlanText = (mode: VlanMode, vlans: readonly number[]): Text => {
  const number = vlans.length === 0 ? '' : ` ${printableList(vlans.map(String))}`
  return {
    untagged: { fr: 'sans VLAN', en: 'no VLAN' },
    access: { fr: `VLAN${number}`, en: `VLAN${number}` },
    trunk: { fr: `agrégation de VLAN${number}`, en: `VLAN trunk${number}` },
    private: { fr: 'VLAN privé', en: 'private VLAN' },
  }[mode]
}

/** Everything asked of the network, of one and the same adapter. */
function networkAspect(asked: MachineAsked): Aspect<VirtualMachine>[] {
  const mode = asked.vlanMode ?? (asked.vlan === undefined ? undefined : 'access')
  if (asked.switch === undefined && asked.switchType === undefined && mode === undefined) return []
  return [
    {
      expected: joined([
        asked.switch === undefined
          ? { fr: 'carte réseau', en: 'network adapter' }
          : { fr: `commutateur ${quoted(asked.switch).fr}`, en: `switch ${quoted(asked.switch).en}` },
        ...(asked.switchType === undefined ? [] : [SWITCH_TEXT[asked.switchType]]),
        ...(mode === undefined ? [] : [vlanText(mode, asked.vlan === undefined ? [] : [asked.vlan])]),
      ]),
      look: (machine) => {
        const { adapters, adapterCount } = detailOf(machine)
        const all = whole(adapters, adapterCount, 'adapters').map(readAdapter)
        return {
          holds: all.some((one) => isConnected(one, asked, mode)),
          observed:
            all.length === 0
              ? { fr: 'sans carte réseau', en: 'no network adapter' }
              : joined(all.slice(0, 8).map(adapterText), ' ; '),
        }
      },
    },
  ]
}

interface ReadAdapter extends Omit<Adapter, 'switchType' | 'vlanMode'> {
  readonly switchType: SwitchType | null
  readonly vlanMode: VlanMode
}

function readAdapter(found: Adapter): ReadAdapter {
  const vlanMode = VLAN_MODES.find((one) => one === found.vlanMode.toLowerCase())
  const switchType = SWITCH_TYPES.find((one) => one === found.switchType?.toLowerCase()) ?? null
  if (!vlanMode) throw new NotObserved('unparsable', `VLAN mode of an adapter: ${found.vlanMode}`)
  if (found.switch !== '' && switchType === null)
    throw new NotObserved('unparsable', `type of the switch of an adapter: ${found.switchType}`)
  if (vlanMode === 'trunk' && found.trunk.length === 0)
    throw new NotObserved('unparsable', 'a trunk without VLANs')
  return { ...found, vlanMode, switchType }
}

const isConnected = (one: ReadAdapter, asked: MachineAsked, mode: VlanMode | undefined): boolean =>
  (asked.switch === undefined || one.switch.toLowerCase() === asked.switch.toLowerCase()) &&
  (asked.switchType === undefined || (one.switch !== '' && one.switchType === asked.switchType)) &&
  (mode === undefined || one.vlanMode === mode) &&
  (asked.vlan === undefined || (mode === 'trunk' ? one.trunk.includes(asked.vlan) : one.vlan === asked.vlan))

function adapterText(one: ReadAdapter): Text {
  const vlan = vlanText(one.vlanMode, one.vlanMode === 'access' ? [one.vlan] : one.trunk)
  if (one.switch === '')
    return { fr: `carte réseau non connectée, ${vlan.fr}`, en: `network adapter not connected, ${vlan.en}` }
  const type = one.switchType === null ? same('?') : SWITCH_TEXT[one.switchType]
  const name = quoted(one.switch)
  return {
    fr: `commutateur ${name.fr} (${type.fr}), ${vlan.fr}`,
    en: `switch ${name.en} (${type.en}), ${vlan.en}`,
  }
}

const disksText = (sizes: readonly (number | null)[]): Text => {
  const shown = sizes.map((size) => (size === null ? same('?') : decimal(size)))
  return {
    fr: `disques ${shown.map(({ fr }) => `${fr} Go`).join(', ')}`,
    en: `disks ${shown.map(({ en }) => `${en} GB`).join(', ')}`,
  }
}
/** Each size that is asked for is that of a disk of its own; there may be other disks. */
const disksAspect = (asked: readonly number[]): Aspect<VirtualMachine> => ({
  expected: disksText(asked),
  look: (machine) => {
    const { disks, diskCount } = detailOf(machine)
    const all = whole(disks, diskCount, 'disks')
    const left = all.map(({ size }) => size)
    const found = asked.filter((size) => {
      const at = left.indexOf(size * GIGABYTE)
      if (at >= 0) left.splice(at, 1)
      return at >= 0
    })
    if (found.length < asked.length && left.includes(null))
      throw new NotObserved('control', 'the size of a disk could not be read')
    const sizes = all.map(({ size }) => (size === null ? null : size / GIGABYTE))
    return {
      holds: found.length === asked.length,
      observed: sizes.length === 0 ? { fr: 'sans disque', en: 'no disk' } : disksText(sizes.slice(0, 16)),
    }
  },
})

/** What a person made: not those of a backup, a replication or a planned migration. */
const madeByHand = (machine: VirtualMachine): readonly Pick<Checkpoint, 'name' | 'automatic'>[] => {
  const { checkpoints, checkpointCount } = detailOf(machine)
  return whole(checkpoints, checkpointCount, 'checkpoints').filter(
    ({ type }) => !/^(recovery|planned|missing|(appconsistent|synced)?replica)$/i.test(type),
  )
}
const checkpointsObserved = (found: readonly { readonly name: string }[]): Text => {
  if (found.length === 0) return { fr: 'aucun point de contrôle', en: 'no checkpoint' }
  const names = quotedList(found.map(({ name }) => name))
  return { fr: `points de contrôle ${names.fr}`, en: `checkpoints ${names.en}` }
}
const checkpointAspect = (asked: string): Aspect<VirtualMachine> => ({
  expected: { fr: `point de contrôle ${quoted(asked).fr}`, en: `checkpoint ${quoted(asked).en}` },
  look: (machine) => {
    const found = madeByHand(machine)
    return {
      holds: found.some(({ name }) => name.toLowerCase() === asked.toLowerCase()),
      observed: checkpointsObserved(found),
    }
  },
})
const checkpointsAspect = (asked: number): Aspect<VirtualMachine> => ({
  expected: {
    fr: asked === 0 ? 'aucun point de contrôle' : `${asked} point${asked > 1 ? 's' : ''} de contrôle`,
    en: asked === 0 ? 'no checkpoint' : `${asked} checkpoint${asked > 1 ? 's' : ''}`,
  },
  look: (machine) => {
    // Nor the one that Hyper-V makes by itself as it starts a machine.
    const found = madeByHand(machine).filter(({ automatic }) => !automatic)
    return { holds: found.length === asked, observed: checkpointsObserved(found) }
  },
})

function detailOf(machine: VirtualMachine): Detail {
  if (machine.detail) return machine.detail
  throw new NotObserved('not-asked', `${printable(machine.name)} was not asked for in detail`, 'grader')
}
