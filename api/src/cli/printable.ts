/** On one line, and without the control characters by which a text of somebody else could command the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}
