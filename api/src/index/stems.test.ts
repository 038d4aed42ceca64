import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stemmedWords, stems } from './stems.ts';

describe('P29 stems', () => {
  test.each([
    ['en', ['walk', 'walks', 'walking', 'Walked', 'WALK']],
    ['de', ['Haus', 'Häuser', 'häusern']],
    ['fr', ['chercher', 'cherchait', 'cherchaient']],
    ['es', ['niño', 'niños']],
    ['it', ['gatto', 'gatti']],
    ['pt-BR', ['menino', 'meninos']],
    ['nl', ['boek', 'boeken']],
    ['sv', ['bil', 'bilar']],
    ['ru', ['книга', 'книги', 'книгу']],
    ['tr', ['ev', 'evler']],
  ])('P29 the forms of a word are one stem in %s', (language, forms) => {
    const all = forms.map((form) => stems(form, language));
    expect(all.map(({ length }) => length)).toEqual(forms.map(() => 1));
    expect(new Set(all.flat()).size).toBe(1);
  });

  test('P29 accents, width and case make no difference', () => {
    for (const [a, b] of [
      ['café', 'CAFE'],
      ['re\u0301sume\u0301', 'résumé'],
      ['ｆｕｌｌ', 'full'],
      ['θάλασσα', 'ΘΑΛΑΣΣΑ'],
    ] as const)
      expect(stems(a, 'el')).toEqual(stems(b, 'el'));
  });

  test.each([
    ['ja', '東京の天気はいい', '天気'],
    ['zh', '我喜欢喝绿茶', '绿茶'],
    ['th', 'ฉันชอบดื่มชา', 'ดื่ม'],
    ['ko', '나는 서울에 산다', '서울에'],
  ])('P29 finds words in %s, which is written without spaces or with few', (language, text, word) => {
    const found = stems(text, language);
    expect(found.length).toBeGreaterThan(1);
    for (const stem of stems(word, language)) expect(found).toContain(stem);
  });

  test('P29 leaves out stop words of English alone, and counts repetitions', () => {
    expect(stems('the cat and the cat', 'en')).toEqual(['cat', 'cat']);
    expect(stems('die Katze', 'de')).toHaveLength(2);
    expect(stems('the', 'xx')).toEqual(['the']);
  });

  test('P29 goes by the first part of the tag, and takes a language that it does not know as it stands', () => {
    expect(stems('walking', 'EN-gb')).toEqual(['walk']);
    for (const language of ['', '-', 'tlh', 'constructor', '__proto__'])
      expect(stems('Walking', language)).toEqual(['walking']);
  });

  test('P29 keeps each word beside its stem, in the order of the text', () => {
    expect(stemmedWords('Running dogs, 42 times!', 'en')).toEqual([
      { word: 'running', stem: 'run' },
      { word: 'dogs', stem: 'dog' },
      { word: '42', stem: '42' },
      { word: 'times', stem: 'time' },
    ]);
  });

  test('P29 any text at all gives the same stems twice, none of them empty', () => {
    const languages = fc.constantFrom('en', 'de', 'fr', 'ru', 'tr', 'ar', 'fi', 'xx');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), languages, (text, language) => {
        const found = stems(text, language);
        expect(stems(text, language)).toEqual(found);
        expect(found).not.toContain('');
        expect(stems(text.normalize('NFD'), language)).toEqual(stems(text.normalize('NFC'), language));
      }),
    );
  });
});
