import { describe, expect, it } from 'vitest';
import { endChoice, readChoices } from './consent-choices.ts';

const read = (fields: Record<string, string>, mayNarrow = true) =>
  readChoices(new URLSearchParams(fields), mayNarrow);

describe('the choices of a consent', () => {
  it('are those that were offered', () => {
    expect(read({ access: 'read', end: '30' })).toEqual({ access: 'read', end: '30' });
    expect(read({ access: 'write', end: 'never' })).toEqual({ access: 'write', end: 'never' });
  });

  it('are no others, and not left out', () => {
    for (const fields of [{}, { access: 'read' }, { end: '30' }, { access: 'admin', end: '30' }]) {
      expect(read(fields as Record<string, string>)).toBeNull();
    }
    for (const end of ['', '31', 'toString', '__proto__', 'Infinity'])
      expect(read({ access: 'read', end })).toBeNull();
  });

  it('do not ask about reading and writing where only one is wanted', () => {
    expect(read({ end: '90' }, false)).toEqual({ access: 'write', end: '90' });
    expect(read({ access: 'read', end: '90' }, false)).toEqual({ access: 'write', end: '90' });
  });

  it('tell the day on which each ends', () => {
    const shown = endChoice(new Date('2026-11-21T23:59:00Z')).toString();
    for (const day of ['21 Dec 2026', '19 Feb 2027', '21 Nov 2027']) expect(shown).toContain(day);
    expect(shown).toMatch(/value="90" selected/);
    expect(shown).toContain('When I disconnect it');
  });
});
