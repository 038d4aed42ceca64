import { Border, textUnits, type TextUnit } from './text-units.ts';

export interface ChunkLimits {
  /** Most tokens in a chunk, without the special tokens that a model adds. */
  maxTokens: number;
  /** Most tokens that a chunk repeats from the end of the one before. */
  overlapTokens: number;
  /** Counts the tokens of a piece of text. */
  countTokens: (text: string) => number;
}

interface CountedUnit extends TextUnit {
  tokens: number;
}

/**
 * Splits a text at the best border in reach: paragraph, then line, sentence, word. Only a word that is longer
 * than a whole chunk is cut inside. A text within the limit comes back as one chunk, a blank one as none.
 */
export function chunkText(text: string, limits: ChunkLimits): string[] {
  const whole = text.trim();
  if (whole === '') return [];
  // Counting a very long text whole would be wasted: it cannot fit.
  if (whole.length <= limits.maxTokens * 16 && limits.countTokens(whole) <= limits.maxTokens) return [whole];

  const units = countedUnits(whole, limits);
  const chunks: string[] = [];
  let first = 0;
  let covered = 0;
  while (covered < units.length) {
    let end = fittingEnd(whole, units, first, limits);
    if (end <= covered) {
      // A long word leaves no room for the overlap.
      first = covered;
      end = fittingEnd(whole, units, first, limits);
    }
    const cut =
      end === units.length ? end : bestCut(units, Math.max(covered, first + ((end - first) >> 1)), end);
    chunks.push(slice(whole, units, first, cut));
    covered = cut;
    first = overlapStart(units, first, cut, limits.overlapTokens);
  }
  return chunks;
}

function countedUnits(text: string, { maxTokens, countTokens }: ChunkLimits): CountedUnit[] {
  const known = new Map<string, number>();
  const count = (word: string) => {
    const tokens = known.get(word) ?? countTokens(word);
    known.set(word, tokens);
    return tokens;
  };
  const split = (unit: TextUnit): CountedUnit[] => {
    const word = text.slice(unit.start, unit.end);
    const tokens = count(word);
    const middle = unit.start + codePointMiddle(word);
    if (tokens <= maxTokens || middle === unit.start) return [{ ...unit, tokens }];
    return [
      ...split({ start: unit.start, end: middle, border: Border.word }),
      ...split({ start: middle, end: unit.end, border: unit.border }),
    ];
  };
  return textUnits(text).flatMap(split);
}

/** Offset near the middle that does not part a surrogate pair; 0 when the word is one code point. */
function codePointMiddle(word: string): number {
  const middle = word.length >> 1;
  const lowSurrogate = word.charCodeAt(middle) >>> 10 === 0x37;
  return lowSurrogate ? middle - 1 : middle;
}

/** The most units from `first` that fit. Tokens of parts need not add up to those of the whole: it is checked. */
function fittingEnd(text: string, units: readonly CountedUnit[], first: number, limits: ChunkLimits): number {
  let end = first;
  let tokens = 0;
  while (end < units.length && (end === first || tokens + tokensOf(units, end) <= limits.maxTokens)) {
    tokens += tokensOf(units, end++);
  }
  while (end > first + 1 && limits.countTokens(slice(text, units, first, end)) > limits.maxTokens) end--;
  return end;
}

/** The strongest border after unit `lowest` and up to `end`; the last of equals. */
function bestCut(units: readonly CountedUnit[], lowest: number, end: number): number {
  let cut = end;
  let best: Border = Border.word;
  for (let i = end; i > lowest; i--) {
    const border = units[i - 1]?.border ?? Border.word;
    if (border > best) [best, cut] = [border, i];
  }
  return cut;
}

/** Where the next chunk begins: at a sentence within the overlap when there is one, and always further on. */
function overlapStart(units: readonly CountedUnit[], first: number, cut: number, overlap: number): number {
  let start = cut;
  let sentence: number | undefined;
  let tokens = 0;
  while (start - 1 > first && tokens + tokensOf(units, start - 1) <= overlap) {
    tokens += tokensOf(units, --start);
    if ((units[start - 1]?.border ?? Border.word) > Border.word) sentence = start;
  }
  return sentence ?? start;
}

const tokensOf = (units: readonly CountedUnit[], i: number) => units[i]?.tokens ?? 0;

function slice(text: string, units: readonly CountedUnit[], first: number, end: number): string {
  return text.slice(units[first]?.start, units[end - 1]?.end);
}
