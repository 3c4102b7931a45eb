/**
 * Whether a sentence about something that went wrong says what to do next. In French what counts is
 * - an order (« corrigez », « relancez », « écrivez »), or an infinitive after « : »;
 * - what is expected (« attendu : … », « il faut … », « attend … », « au plus … », « une valeur parmi »);
 * - what is missing, or that two things exclude each other: naming it is saying it (« il manque … », « ne va pas avec »);
 * - a command or an option to type (« probant … », `--option`), or a closed list of what is possible.
 */
export const saysWhatToDo = {
  fr: (sentence: string): boolean =>
    /(?<!\p{L})(?:dites|faites|refaites)(?!\p{L})|(?<!\p{L})(?!(?:chez|assez|nez|avez|êtes)(?!\p{L}))\p{L}+ez(?!\p{L})/iu.test(
      sentence,
    ) ||
    /\battendue?s?\b|il (?:en )?faut|\battend\b|\bau (?:plus|moins)\b|une valeur parmi|il manque|\bdoit\b|doivent|plus (?:grand|petit)e? que|ne (?:va|vont) (?:pas|qu)|possibles|vouliez-vous|ne se met|se met(?:tent)?\b|s’écrit|s'écrit|un seul\b|une seule\b|\bà 1|demande une/u.test(
      sentence,
    ) ||
    /probant [a-z]|--[a-z]/.test(sentence),
  en: (sentence: string): boolean =>
    new RegExp(`(?:^|[.:;,(“] ?|\\b(?:or|and|then|please) )(?:first )?(?:${orders})\\b`, 'i').test(
      sentence,
    ) ||
    /\bexpected\b|\btakes\b|\bneeds?\b|at (?:most|least)\b|one of\b|\bneeded\b|\bmissing\b|\bmust\b|(?:greater|larger|smaller) than|does not go with|only goes?|possible:|did you mean|is written|goes (?:between|right)|\ba single\b|\bone\b|has 1 to/i.test(
      sentence,
    ) ||
    /probant [a-z]|--[a-z]/.test(sentence),
}

const orders = [
  'add|align|allow|ask|begin|bring|check|choose|close|come|compare|correct|delete|dial|download|empty|enrol|enter|fetch|fill',
  'find|free|get|give|go|install|invite|judge|keep|launch|leave|let|log|look|make|mend|mount|move|name|open|pass|pick|plug|press',
  'put|read|refresh|reinstall|reload|remove|rename|repair|replace|restart|restore|return|run|save|say|see|send|set|shorten|show|sign|simplify',
  'rehearse|split|start|stop|take|tell|transmit|try|turn|type|update|use|wait|write|do it|run it',
].join('|')
