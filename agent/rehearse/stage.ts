import type { Text } from '../../checks/text.ts'

/** The three runs of a rehearsal, in their order. */
export const stages = ['handedOut', 'model', 'again'] as const
export type Stage = (typeof stages)[number]

export const stageWords: Readonly<Record<Stage, Text>> = {
  handedOut: { fr: 'machines telles que remises', en: 'machines as handed out' },
  model: { fr: 'réponse modèle', en: 'model answer' },
  again: { fr: 'réponse modèle, à nouveau', en: 'model answer, once more' },
}
