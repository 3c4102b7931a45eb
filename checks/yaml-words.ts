import type { ErrorCode } from 'yaml'
import type { Text } from './text.ts'

/** What the YAML library says in English, by its code, for the people who write exams. */
export const yamlWords: Readonly<Record<ErrorCode, Text>> = {
  DUPLICATE_KEY: {
    fr: 'cette clé est déjà donnée plus haut dans le même bloc : gardez-en une seule',
    en: 'this key is already given above in the same block: keep a single one',
  },
  TAB_AS_INDENT: {
    fr: "une tabulation sert d'indentation : employez des espaces",
    en: 'a tab is used as indentation: use spaces',
  },
  BAD_INDENT: {
    fr: "l'indentation ne correspond pas au bloc : alignez cette ligne avec ses voisines, et fermez crochets et accolades",
    en: 'the indentation does not fit the block: align this line with its neighbours, and close brackets and braces',
  },
  MISSING_CHAR: {
    fr: 'il manque un caractère (guillemet, deux-points, crochet ou accolade), ou le début de cette ligne n’est pas aligné : complétez-la, ou alignez-la avec ses voisines',
    en: 'a character is missing (quote, colon, bracket or brace), or the beginning of this line is not aligned: complete it, or align it with its neighbours',
  },
  MULTILINE_IMPLICIT_KEY: {
    fr: 'une clé tient sur une seule ligne : il manque sans doute « : », ou une virgule à la ligne précédente',
    en: 'a key fits on one line: “:” is probably missing, or a comma on the line before',
  },
  UNEXPECTED_TOKEN: {
    fr: "ce caractère n'est pas attendu ici : mettez la valeur entière entre guillemets simples ('…'), où « ' » se double",
    en: "this character is not expected here: put the whole value between single quotes ('…'), where “'” is doubled",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    fr: 'une valeur imbriquée commence sur la même ligne que sa clé : passez à la ligne, ou mettez des guillemets',
    en: 'a nested value starts on the line of its key: start a new line, or use quotes',
  },
  BLOCK_IN_FLOW: {
    fr: "entre accolades ou crochets, « : » et « - » ouvriraient un bloc : mettez la valeur qui en contient entre guillemets simples ('E:'), et une virgule entre deux clés",
    en: "between braces or brackets, “:” and “-” would open a block: put the value that holds one between single quotes ('E:'), and a comma between two keys",
  },
  BAD_DQ_ESCAPE: {
    fr: "dans des guillemets doubles, \\ est un caractère d’échappement : employez des guillemets simples, comme 'D:\\Partages'",
    en: "between double quotes, \\ is an escape character: use single quotes, as in 'D:\\Shares'",
  },
  BAD_SCALAR_START: {
    fr: "une valeur ne peut pas commencer par ce caractère (%, @, ` ou |) sans guillemets : employez des guillemets simples, comme '%SystemRoot%\\x.exe'",
    en: "a value cannot start with this character (%, @, ` or |) without quotes: use single quotes, as in '%SystemRoot%\\x.exe'",
  },
  MULTIPLE_DOCS: {
    fr: 'un seul document par fichier : retirez « --- » et ce qui suit',
    en: 'one document a file: remove “---” and what follows',
  },
  BAD_ALIAS: {
    fr: "cet alias ne renvoie à rien : une valeur qui commence par * ou & se met entre guillemets simples ('*')",
    en: "this alias refers to nothing: a value that starts with * or & goes between single quotes ('*')",
  },
  TAG_RESOLVE_FAILED: {
    fr: "« ! » annonce un type que rien ne définit : mettez la valeur entre guillemets simples ('!…')",
    en: "“!” announces a type that nothing defines: put the value between single quotes ('!…')",
  },
  ALIAS_PROPS: {
    fr: 'un alias (*nom) ne prend rien devant lui : retirez ce qui le précède',
    en: 'an alias (*name) takes nothing before it: remove what precedes it',
  },
  BAD_COLLECTION_TYPE: {
    fr: 'ce type ne va pas avec cette liste ou ce bloc : retirez « ! »',
    en: 'this type does not go with this list or block: remove “!”',
  },
  BAD_DIRECTIVE: {
    fr: 'cette ligne en % n’est pas comprise : retirez-la',
    en: 'this line with % is not understood: remove it',
  },
  BAD_PROP_ORDER: {
    fr: 'une ancre (&nom) ou un type (!) se met juste avant sa valeur',
    en: 'an anchor (&name) or a type (!) goes right before its value',
  },
  KEY_OVER_1024_CHARS: {
    fr: 'une clé a plus de 1024 caractères : il manque sans doute un guillemet plus haut',
    en: 'a key has more than 1024 characters: a quote is probably missing above',
  },
  MULTIPLE_ANCHORS: {
    fr: 'deux ancres (&nom) pour une valeur : gardez-en une',
    en: 'two anchors (&name) for one value: keep one',
  },
  MULTIPLE_TAGS: {
    fr: 'deux types (!) pour une valeur : gardez-en un',
    en: 'two types (!) for one value: keep one',
  },
  NON_STRING_KEY: {
    fr: 'une clé est un mot, pas un bloc : mettez des guillemets',
    en: 'a key is a word, not a block: use quotes',
  },
  RESOURCE_EXHAUSTION: {
    fr: 'blocs trop imbriqués pour être lus : aplatissez-les',
    en: 'blocks nested too deep to be read: make them flatter',
  },
  IMPOSSIBLE: {
    fr: 'ce passage est incompréhensible : récrivez-le, en commençant par ses guillemets',
    en: 'this passage makes no sense: write it again, beginning with its quotes',
  },
}
