let made = 0;

/** A word that nobody wrote before, that no stemmer shortens, and that is found in no id. */
export function newWord(): string {
  made += 1;
  const letters = [...made.toString(8).padStart(5, '0')].map((digit) => 'zkvmbxpg'[Number(digit)]).join('');
  return `wq${letters}o`;
}
