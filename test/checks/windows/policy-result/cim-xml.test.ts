import { describe, expect, it } from 'vitest'
import {
  booleanOf,
  bytesOf,
  cimInstance,
  dateOf,
  numberOf,
  textOf,
} from '../../../../checks/windows/policy-result/cim-xml.ts'

const instance = cimInstance(`<INSTANCE CLASSNAME="RSOP_RegistryPolicySetting">
  <PROPERTY NAME="name" TYPE="string"><VALUE>S&#233;curit&#xE9; &lt;1&gt; &amp;</VALUE></PROPERTY>
  <PROPERTY NAME="Empty" PROPAGATED="true" TYPE="string"></PROPERTY>
  <PROPERTY NAME="deleted" TYPE="boolean"><VALUE>TRUE</VALUE></PROPERTY>
  <PROPERTY NAME="version" TYPE="uint32"><VALUE>4294901761</VALUE></PROPERTY>
  <PROPERTY.ARRAY NAME="value" TYPE="uint8"><VALUE.ARRAY><VALUE>1</VALUE><VALUE>255</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>
  <PROPERTY.ARRAY NAME="none" TYPE="uint8"></PROPERTY.ARRAY>
  <PROPERTY.ARRAY NAME="wrong" TYPE="uint8"><VALUE.ARRAY><VALUE>256</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>
  <PROPERTY NAME="ahead" TYPE="datetime"><VALUE>20261201003000.000000+060</VALUE></PROPERTY>
  <PROPERTY NAME="behind" TYPE="datetime"><VALUE>20261231233000.000000-120</VALUE></PROPERTY>
  <PROPERTY NAME="interval" TYPE="datetime"><VALUE>00000000010000.000000:000</VALUE></PROPERTY>
</INSTANCE>`)

describe('CIM-XML', () => {
  it('gives properties by name, whatever the case', () => {
    expect(instance.className).toBe('RSOP_RegistryPolicySetting')
    expect(textOf(instance, 'Name')).toBe('Sécurité <1> &')
    expect(textOf(instance, 'empty')).toBe('')
    expect(booleanOf(instance, 'deleted')).toBe(true)
    expect(numberOf(instance, 'version')).toBe(0xffff0001)
    expect([...bytesOf(instance, 'value')]).toEqual([1, 255])
    expect([...bytesOf(instance, 'none')]).toEqual([])
  })

  it('gives dates in UTC', () => {
    expect(dateOf(instance, 'ahead')).toBe('2026-11-30T23:30:00Z')
    expect(dateOf(instance, 'behind')).toBe('2027-01-01T01:30:00Z')
  })

  it.each([
    ['a property that is not there', () => textOf(instance, 'other')],
    ['an array as a text', () => textOf(instance, 'value')],
    ['a text as an array', () => bytesOf(instance, 'name')],
    ['a text as a number', () => numberOf(instance, 'name')],
    ['no value as a number', () => numberOf(instance, 'empty')],
    ['a number as a boolean', () => booleanOf(instance, 'version')],
    ['a byte that is none', () => bytesOf(instance, 'wrong')],
    ['an interval as a date', () => dateOf(instance, 'interval')],
    ['a document type', () => cimInstance('<!DOCTYPE a [<!ENTITY b "c">]><INSTANCE CLASSNAME="A"/>')],
    ['another root', () => cimInstance('<CIM/>')],
    ['no class', () => cimInstance('<INSTANCE/>')],
    ['half a document', () => cimInstance('<INSTANCE CLASSNAME="A">')],
  ])('refuses %s', (_what, read) => expect(read).toThrow('unparsable'))
})
