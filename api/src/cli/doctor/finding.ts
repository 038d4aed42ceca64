/** One thing that was looked at. */
export interface Finding {
  /** `mend`: Picard, or this part of it, does not work until somebody does what `remedy` says. */
  state: 'ok' | 'note' | 'mend';
  subject: string;
  /** What was found; never a secret. */
  text: string;
  /** What to do. */
  remedy?: string;
}

export const ok = (subject: string, text: string): Finding => ({ state: 'ok', subject, text });
export const note = (subject: string, text: string, remedy?: string): Finding => ({
  state: 'note',
  subject,
  text,
  ...(remedy !== undefined && { remedy }),
});
export const mend = (subject: string, text: string, remedy: string): Finding => ({
  state: 'mend',
  subject,
  text,
  remedy,
});

const signs = { ok: '✓', note: '•', mend: '✗' };

export function describe({ state, subject, text, remedy }: Finding): string {
  const line = `${signs[state]} ${subject.padEnd(13)} ${text}`;
  return remedy === undefined ? line : `${line}\n                → ${remedy}`;
}
