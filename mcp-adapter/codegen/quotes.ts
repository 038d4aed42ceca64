import type { Quote } from '../src/operation-entry.ts';
import { directiveText } from './directive-arguments.ts';
import type { TouchedField } from './touched-fields.ts';

/** The texts that are shown quoted where they are not the caller's own words. */
export function quotesOf(fields: readonly TouchedField[], report: (problem: string) => void): Quote[] {
  const keys = new Set(fields.map(({ path }) => path.join('.')));
  return fields.flatMap(({ path, field }) => {
    const trust = directiveText(field.nodes[0], 'quoted', 'trust');
    if (trust === undefined) return [];
    const item = path.slice(0, -1);
    const beside = (key: string): boolean => keys.has([...item, key].join('.'));
    if (!beside(trust)) report(`@quoted(trust: "${trust}"): select it beside ${path.join('.')}.`);
    const selected = (argument: string): string | null => {
      const key = directiveText(field.nodes[0], 'quoted', argument);
      return key !== undefined && beside(key) ? key : null;
    };
    return [{ path: item, text: field.key, trust, owner: selected('owner'), writer: selected('writer') }];
  });
}
