/** How much of each text a dossier prints, in characters, and how much room it leaves to write by hand, in lines. */
export interface Density {
  readonly asked: number
  readonly claim: number
  readonly said: number
  readonly question: number
  readonly note: number
  readonly questionLines: number
  readonly juryLines: number
  readonly competencyLines: number
  /** Distance of these lines, in points. */
  readonly gap: number
  /** Whether it says why the jury alone appreciates a criterion, and the reason behind a side. */
  readonly reasons: boolean
  /** Whether what is said of a finding is one paragraph after another, or all of it in one. */
  readonly inline: boolean
  /** Size of all letters, 1 where there is room. */
  readonly scale: number
  /** Whether it says where and when what differs was seen. */
  readonly where: boolean
}

/** From the roomiest on; a dossier is printed with the first that keeps it within its pages. */
export const densities: readonly [Density, ...Density[]] = [
  {
    asked: 1200,
    claim: 300,
    said: 400,
    question: 600,
    note: 4000,
    questionLines: 1,
    juryLines: 2,
    competencyLines: 4,
    gap: 17,
    reasons: true,
    inline: false,
    scale: 1,
    where: true,
  },
  {
    asked: 1200,
    claim: 300,
    said: 400,
    question: 600,
    note: 4000,
    questionLines: 0,
    juryLines: 1,
    competencyLines: 3,
    gap: 17,
    reasons: true,
    inline: false,
    scale: 1,
    where: true,
  },
  {
    asked: 480,
    claim: 160,
    said: 220,
    question: 300,
    note: 1000,
    questionLines: 0,
    juryLines: 1,
    competencyLines: 3,
    gap: 17,
    reasons: true,
    inline: false,
    scale: 0.95,
    where: true,
  },
  {
    asked: 220,
    claim: 110,
    said: 130,
    question: 200,
    note: 400,
    questionLines: 0,
    juryLines: 1,
    competencyLines: 2,
    gap: 16,
    reasons: false,
    inline: false,
    scale: 0.92,
    where: false,
  },
  {
    asked: 110,
    claim: 90,
    said: 80,
    question: 110,
    note: 200,
    questionLines: 0,
    juryLines: 1,
    competencyLines: 2,
    gap: 15,
    reasons: false,
    inline: false,
    scale: 0.88,
    where: false,
  },
  {
    asked: 70,
    claim: 60,
    said: 44,
    question: 72,
    note: 120,
    questionLines: 0,
    juryLines: 1,
    competencyLines: 1,
    gap: 15,
    reasons: false,
    inline: true,
    scale: 0.85,
    where: false,
  },
]

/** Pages of a dossier at most: twelve, and as many again for every further 80 findings. */
export const pageLimit = (findings: number): number => 12 * Math.max(1, Math.ceil(findings / 80))
