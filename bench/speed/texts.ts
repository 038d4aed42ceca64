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
const vocabulary = 20_000;
const wordsOfText = 25;

/**
 * Invented texts whose words are as unevenly spread as those of a language (Zipf): a few are in most texts,
 * most in few. So the index has long lists as well as short ones.
 */
export function text(random: () => number): string {
  return words(random, wordsOfText);
}

/** What people ask: a few words, common and rare alike. */
export function question(random: () => number): string {
  return words(random, 3 + Math.floor(random() * 4));
}

function words(random: () => number, count: number): string {
  return Array.from({ length: count }, () => word(Math.floor(vocabulary ** random()) - 1)).join(' ');
}

/** The word of a rank: a different one for each, pronounceable, and too odd to be a stop word. */
export function word(rank: number): string {
  let rest = rank;
  let built = 'qu';
  do {
    built += syllables[rest % syllables.length] ?? '';
    rest = Math.floor(rest / syllables.length);
  } while (rest > 0);
  return `${built}x`;
}
