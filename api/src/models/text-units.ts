/** How well a text can be cut after a unit. */
export const Border = { word: 0, sentence: 1, line: 2, paragraph: 3 } as const;
export type Border = (typeof Border)[keyof typeof Border];

/** A word with the punctuation that clings to it: the smallest piece that chunking keeps whole. */
export interface TextUnit {
  /** Offsets into the text, in UTF-16 code units; the white space around the word is not included. */
  start: number;
  end: number;
  border: Border;
}

// Full-width stops end a unit without white space, for Chinese and Japanese write none between sentences.
const UNIT = /[^\s。！？]+[。！？]*|[。！？]+/gu;
const SENTENCE_END = /[.!?…。！？]["'’”)\]»」』]*$/u;

export function textUnits(text: string): TextUnit[] {
  const units: TextUnit[] = [];
  for (const match of text.matchAll(UNIT)) {
    units.push({ start: match.index, end: match.index + match[0].length, border: Border.word });
  }
  for (const [i, unit] of units.entries()) {
    const next = units[i + 1];
    unit.border = borderAfter(text.slice(unit.start, unit.end), text.slice(unit.end, next?.start));
  }
  return units;
}

function borderAfter(word: string, gap: string): Border {
  const lines = gap.split('\n').length - 1;
  if (lines > 1) return Border.paragraph;
  if (lines === 1) return Border.line;
  return SENTENCE_END.test(word) ? Border.sentence : Border.word;
}
