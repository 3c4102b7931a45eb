import type { Text } from '../../../checks/text.ts'
import { sentence } from '../sentence.ts'

export const words = {
  files: sentence('Fichiers', 'Files'),
  means: sentence(
    'Chaque téléchargement va au journal. Rien n’y est additionné.',
    'Every download goes to the journal. Nothing is added up.',
  ),
  sessionPapers: sentence('Session', 'Session'),
  dossiers: sentence('Dossiers des candidats', 'Dossiers of the candidates'),
  none: sentence('Aucun passage n’a été reçu.', 'No run was received.'),
  dossierOf: sentence('Dossier de', 'Dossier of'),
  receipt: sentence('Bordereau de collecte', 'Receipt of collection'),
  receiptMeans: sentence('PDF à signer, sans résultat', 'PDF to sign, without a result'),
  incidents: sentence('Annexe des incidents', 'Annex of incidents'),
  incidentsMeans: sentence('PDF pour le procès-verbal', 'PDF for the procès-verbal'),
  summary: sentence('Session d’un coup d’œil', 'Session at a glance'),
  summaryMeans: sentence('PDF : candidats et compétences', 'PDF: candidates and competencies'),
  csv: sentence('Constats en CSV', 'Findings as CSV'),
  csvMeans: sentence('pour un tableur, sans formule', 'for a spreadsheet, without formulas'),
  xlsx: sentence('Constats en XLSX', 'Findings as XLSX'),
  xlsxMeans: sentence('classeur, texte seulement', 'workbook, text only'),
  ods: sentence('Constats en ODS', 'Findings as ODS'),
  odsMeans: sentence('classeur OpenDocument, texte seulement', 'OpenDocument sheet, text only'),
  json: sentence('Constats en JSON', 'Findings as JSON'),
  jsonMeans: sentence('pour un autre programme', 'for another program'),
  junit: sentence('Constats en JUnit (XML)', 'Findings as JUnit (XML)'),
  junitMeans: sentence('pour un outil d’intégration', 'for an integration tool'),
  hdf: sentence('Constats en HDF (Heimdall)', 'Findings as HDF (Heimdall)'),
  hdfMeans: sentence('un ZIP, un fichier par candidat', 'a ZIP, one file a candidate'),
  bundle: sentence('Dossier scellé de la session', 'Sealed bundle of the session'),
  bundleMeans: sentence(
    'ZIP signé : passages, preuves, chaîne, journal ; « probant verify » le vérifie hors ligne',
    'signed ZIP: runs, evidence, chain, journal; “probant verify” checks it offline',
  ),
} satisfies Record<string, Text>
