import type { ContentField } from '../src/operation-entry.ts';
import { directiveText } from './directive-arguments.ts';
import { subselections } from './selection.ts';
import type { TouchedField } from './touched-fields.ts';

/** What each kind of content is made of: the keys that must be selected, and those that may be. */
const KINDS: Readonly<Record<ContentField['as'], readonly string[]>> = {
  TEXT: [],
  IMAGE: ['data', 'mime_type'],
  AUDIO: ['data', 'mime_type'],
  RESOURCE: ['uri', 'mime_type'],
  LINK: ['uri', 'name'],
};

/** The fields answered as content of their own, in the order of the document. */
export function contentOf(
  fields: readonly TouchedField[],
  report: (problem: string) => void,
): ContentField[] {
  return fields.flatMap(({ path, field }) => {
    const as = directiveText(field.nodes[0], 'content', 'as');
    if (as === undefined) return [];
    if (!isKind(as)) {
      report(`@content: ${as} is none of ${Object.keys(KINDS).join(', ')}.`);
      return [];
    }
    const selected = subselections(field).flatMap(({ selections }) =>
      selections.map((selection) =>
        selection.kind === 'Field' ? (selection.alias ?? selection.name).value : '',
      ),
    );
    const lacking = KINDS[as].filter((key) => !selected.includes(key));
    if (lacking.length > 0) report(`@content(as: "${as}"): select ${lacking.join(' and ')}.`);
    if (as === 'TEXT' && selected.length > 0) report('@content(as: "TEXT") takes a text.');
    return [{ path: [...path], as }];
  });
}

function isKind(as: string): as is ContentField['as'] {
  return Object.hasOwn(KINDS, as);
}
