import { expect, it } from 'vitest'
import { service } from '../../../checks/windows/service.ts'

const facts = { candidate: 'C01', targets: {} }
const use = (written: Record<string, unknown>) => service.params.parse(written)
const inputOf = (own: unknown, siblings: readonly unknown[]) => {
  const { services } = service.probes(own, facts, siblings)
  return services?.kind === 'powershell' ? services.input : null
}

it('asks for the services of all its uses on one machine with one question, whichever is asked', () => {
  const uses = [
    use({ on: 'srv', name: 'DNS', account: String.raw`AGENCE1\svc-dns` }),
    use({ on: 'srv', name: 'dns', account: 'S-1-5-18' }),
    use({ on: 'srv', name: 'DHCPServer', account: 'virtual' }),
    use({ on: 'other', name: 'Spooler' }),
  ]
  const input = inputOf(uses[0], uses)
  expect(input).toEqual({ names: ['DHCPServer', 'DNS', 'RpcSs'], accounts: [String.raw`agence1\svc-dns`] })
  expect(inputOf(uses[2], uses)).toEqual(input)
})

it('asks for one alone, with its witness, where they are too many for one question', () => {
  const uses = Array.from({ length: 80 }, (_, n) => use({ on: 'srv', name: `Service${n}` }))
  expect(inputOf(uses[7], uses)).toEqual({ names: ['RpcSs', 'Service7'], accounts: [] })
})
