import type { Verdict } from '../checks/verdict.ts'

type Document = PDFKit.PDFDocument

/**
 * Draws the shape of a verdict, the same as on the pages, in black: a disc, a square, a dashed ring, a lozenge, a dash.
 * They differ by form alone, so that a photocopy is read like the original.
 * @param x left edge, @param y top edge, @param size of its side, in points.
 */
export function drawVerdict(document: Document, verdict: Verdict, x: number, y: number, size: number): void {
  document.save()
  document.translate(x, y).scale(size / 16)
  document.lineCap('round').lineJoin('miter').undash()
  shapes[verdict](document)
  document.restore()
}

const ink = '#000000'
const sheet = '#ffffff'

const shapes: Record<Verdict, (document: Document) => void> = {
  pass: (document) => {
    document.circle(8, 8, 7).fill(ink)
    document.lineWidth(2).path('M4.8 8.3l2.2 2.3 4.3-4.8').stroke(sheet)
  },
  fail: (document) => {
    document.roundedRect(1.2, 1.2, 13.6, 13.6, 1.5).fill(ink)
    document.lineWidth(2).path('M5 5l6 6M11 5l-6 6').stroke(sheet)
  },
  unknown: (document) => {
    document.lineWidth(1.4).dash(2.4, { space: 2.2 }).circle(8, 8, 6.6).stroke(ink)
    document.undash().lineWidth(1.6)
    document.path('M6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.7-.8 1.2').stroke(ink)
    document.circle(8, 11.5, 0.95).fill(ink)
  },
  jury: (document) => {
    document.lineWidth(1.6).path('M8 1.2l6.8 6.8L8 14.8 1.2 8z').stroke(ink)
  },
  na: (document) => {
    document.lineWidth(2.2).path('M2.5 8h11').stroke(ink)
  },
}
