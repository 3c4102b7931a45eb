import { XMLBuilder } from 'fast-xml-parser'
import { strToU8, zipSync } from 'fflate'
import type { Table } from './table.ts'

const type = 'application/vnd.oasis.opendocument.spreadsheet'
const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
})

/** Tables as a spreadsheet of LibreOffice (OpenDocument 1.3), a sheet each: every cell is text, none is a formula. */
export function ods(tables: readonly Table[], at: Date): Uint8Array {
  const manifest = {
    '?xml': xml,
    'manifest:manifest': {
      '@xmlns:manifest': 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0',
      '@manifest:version': '1.3',
      'manifest:file-entry': [
        { '@manifest:full-path': '/', '@manifest:version': '1.3', '@manifest:media-type': type },
        { '@manifest:full-path': 'content.xml', '@manifest:media-type': 'text/xml' },
      ],
    },
  }
  const content = {
    '?xml': xml,
    'office:document-content': {
      '@xmlns:office': 'urn:oasis:names:tc:opendocument:xmlns:office:1.0',
      '@xmlns:table': 'urn:oasis:names:tc:opendocument:xmlns:table:1.0',
      '@xmlns:text': 'urn:oasis:names:tc:opendocument:xmlns:text:1.0',
      '@office:version': '1.3',
      'office:body': {
        'office:spreadsheet': {
          'table:table': tables.map(({ name, head, rows }) => ({
            '@table:name': name,
            'table:table-row': [head, ...rows].map((row) => ({
              'table:table-cell': row.map((text) => ({ '@office:value-type': 'string', 'text:p': text })),
            })),
          })),
        },
      },
    },
  }
  // The type comes first and uncompressed: that is how the file is known for what it is.
  return zipSync(
    {
      mimetype: [strToU8(type), { level: 0 }],
      'META-INF/manifest.xml': strToU8(builder.build(manifest)),
      'content.xml': strToU8(builder.build(content)),
    },
    { mtime: at },
  )
}

const xml = { '@version': '1.0', '@encoding': 'UTF-8' }
