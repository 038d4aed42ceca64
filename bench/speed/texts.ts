const syllables = [
  'ba',
  'do',
  'ki',
  'lu',
  'mer',
  'na',
  'pon',
  'ri',
  'sal',
  'te',
  'vo',
  'zan',
  'gre',
  'fi',
  'tho',
  'ul',
];
/** The commonest words of English, which take the first ranks as in any text; an index leaves them out. */
const commonest = (
  'the of and to a in is was he for it with as his on be at by i this had not are but from or have an they which you ' +
  'were her she there would their we him been has when who will more no if out so what up its about into than them can'
).split(' ');
const vocabulary = 20_000;
const wordsOfText = 25;

/**
 * Invented texts whose words are as unevenly spread as those of a language (Zipf): a few are in most texts,
 * most in few. So the index has long lists as well as short ones.
 */
export function text(random: () => number): string {
  return words(random, wordsOfText);
}

/** What people ask about: a few words that mean something, common and rare alike. */
export function question(random: () => number): string {
  return words(random, 3 + Math.floor(random() * 4), commonest.length);
}

/** By Zipf's law from a first rank on: the chance of a word falls as its rank rises. */
function words(random: () => number, count: number, first = 0): string {
  const spread = vocabulary / (first + 1);
  return Array.from({ length: count }, () => word(Math.floor((first + 1) * spread ** random()) - 1)).join(
    ' ',
  );
}

/** The word of a rank: a different one for each; behind the commonest they are invented, and pronounceable. */
export function word(rank: number): string {
  const common = commonest[rank];
  if (common) return common;
  let rest = rank;
  let built = 'qu';
  do {
    built += syllables[rest % syllables.length] ?? '';
    rest = Math.floor(rest / syllables.length);
  } while (rest > 0);
  return `${built}x`;
}
