import type { Table } from './table.ts'

// Excel in French expects semicolons, and knows UTF-8 by the byte order mark only.
const delimiter = ';'
const mark = '\ufeff'

/**
 * A table as CSV (RFC 4180 with `;`): UTF-8 with a byte order mark, CRLF, every cell quoted. What a spreadsheet would
 * take for a formula is preceded by an apostrophe. Pure.
 */
export const csv = ({ head, rows }: Table): string =>
  mark + [head, ...rows].map((row) => `${row.map(quoted).join(delimiter)}\r\n`).join('')

const quoted = (text: string): string => `"${harmless(text).replaceAll('"', '""')}"`

/**
 * No cell begins with what begins a formula (OWASP, CSV injection; full-width forms too), nor would one that a program
 * cuts out at another delimiter than ours.
 */
const harmless = (text: string): string => text.replace(/(?<=^|[,;|\t\r\n])(?=[=+\-@\t\r\n＝＋－＠])/g, "'")
