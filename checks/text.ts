/** A sentence for people, in both languages of the interface. French is the official wording. */
export interface Text {
  readonly fr: string
  readonly en: string
}

export type Lang = keyof Text

/** A text that reads the same in both languages: a name, a path, a number. */
export const same = (value: string | number): Text => ({ fr: String(value), en: String(value) })

/** Joins texts with the same separator in both languages. */
export const joined = (texts: readonly Text[], separator = ', '): Text => ({
  fr: texts.map((t) => t.fr).join(separator),
  en: texts.map((t) => t.en).join(separator),
})

/** Fills `{name}` in both languages with the values given; an unknown name stays as it is. */
export function filled(text: Text, values: Readonly<Record<string, unknown>>): Text {
  const fill = (pattern: string) =>
    pattern.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name]
      if (value === undefined || value === null) return whole
      return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)
    })
  return { fr: fill(text.fr), en: fill(text.en) }
}
