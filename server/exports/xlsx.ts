import writeExcelFile from 'write-excel-file/node'
import type { Table } from './table.ts'

/** Tables as a workbook of Excel, a sheet each: the first row stays in view, every cell is text, none is a formula. */
export async function xlsx(tables: readonly Table[]): Promise<Uint8Array> {
  const sheets = tables.map(({ name, head, rows }) => ({
    sheet: name,
    data: [
      head.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
      ...rows.map((row) => row.map((value) => ({ value, type: String }))),
    ],
    columns: head.map((title) => ({ width: Math.min(Math.max(title.length + 4, 14), 40) })),
    stickyRowsCount: 1,
  }))
  return writeExcelFile(sheets).toBuffer()
}
