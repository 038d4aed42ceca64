import snowball from 'snowball-stemmers';

/** Snowball algorithm by ISO 639-1 code; words of any other language are indexed as they stand. */
const algorithms = new Map(
  Object.entries({
    ar: 'arabic',
    ca: 'catalan',
    cs: 'czech',
    da: 'danish',
    de: 'german',
    en: 'english',
    es: 'spanish',
    eu: 'basque',
    fi: 'finnish',
    fr: 'french',
    ga: 'irish',
    hu: 'hungarian',
    hy: 'armenian',
    it: 'italian',
    nl: 'dutch',
    no: 'norwegian',
    pt: 'portuguese',
    ro: 'romanian',
    ru: 'russian',
    sl: 'slovene',
    sv: 'swedish',
    ta: 'tamil',
    tr: 'turkish',
  }),
);

const stopWords = new Map<string, ReadonlySet<string>>([
  [
    'en',
    new Set(
      (
        'a an and are as at be but by did do does for from had has have he her his how i if in is it its me my of on or ' +
        'our she so that the their them then there these they this to was we were what when where which who why will ' +
        'with would you your'
      ).split(' '),
    ),
  ],
]);

const stemmers = new Map<string, (word: string) => string>();
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The words of a text as they are written in the index: lower case, no accents, stop words left out, stemmed. */
export function stems(text: string, language: string): string[] {
  return stemmedWords(text, language).map(({ stem }) => stem);
}

export interface StemmedWord {
  word: string;
  stem: string;
}

/** Each indexed word beside its stem, in the order of the text. */
export function stemmedWords(text: string, language: string): StemmedWord[] {
  const base = language.toLowerCase().split('-')[0] ?? '';
  const stem = stemmer(base);
  const ignored = stopWords.get(base);
  return words(text)
    .filter((word) => !ignored?.has(word))
    .map((word) => ({ word, stem: stem(word) }));
}

function words(text: string): string[] {
  const folded = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  if (!unspaced.test(folded)) return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...segmenter.segment(folded)].filter((part) => part.isWordLike).map((part) => part.segment);
}

/** Any text may come as a language: what has no algorithm is not remembered either. */
function stemmer(language: string): (word: string) => string {
  const algorithm = algorithms.get(language);
  if (!algorithm) return (word) => word;
  const known = stemmers.get(language);
  if (known) return known;
  const snowballed = snowball.newStemmer(algorithm);
  const stem = (word: string): string => snowballed.stem(word);
  stemmers.set(language, stem);
  return stem;
}
