import type { ContentBlock } from '@modelcontextprotocol/server';
import { isRecord } from './json-schema.ts';
import type { ContentField } from './operation-entry.ts';

export type ResourceContents = { uri: string; mimeType: string } & ({ text: string } | { blob: string });

/** The content of an answer's fields, in order; a list gives one for each item, null gives none. */
export function contentBlocks(fields: readonly ContentField[], answer: unknown): ContentBlock[] {
  return fields.flatMap(({ path, as }) => valuesAt(answer, path).flatMap((value) => block(as, value)));
}

/** The same as what a resource holds: each block under its own URI, or else the one that was read. */
export function resourceContents(
  fields: readonly ContentField[],
  answer: unknown,
  { uri, mimeType }: { uri: string; mimeType: string },
): ResourceContents[] {
  return contentBlocks(fields, answer).flatMap((each): ResourceContents[] => {
    if (each.type === 'text') return [{ uri, mimeType, text: each.text }];
    if (each.type === 'image' || each.type === 'audio')
      return [{ uri, mimeType: each.mimeType, blob: each.data }];
    if (each.type !== 'resource') return [];
    const { resource } = each;
    const named = { uri: resource.uri, mimeType: resource.mimeType ?? mimeType };
    return 'text' in resource ? [{ ...named, text: resource.text }] : [{ ...named, blob: resource.blob }];
  });
}

function valuesAt(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item) => valuesAt(item, key === undefined ? [] : [key, ...rest]));
  if (key === undefined) return value === null || value === undefined ? [] : [value];
  return isRecord(value) ? valuesAt(value[key], rest) : [];
}

function block(as: ContentField['as'], value: unknown): ContentBlock[] {
  if (as === 'TEXT') return [{ type: 'text', text: String(value) }];
  if (!isRecord(value)) return [];
  const text = (key: string) => (typeof value[key] === 'string' ? value[key] : '');
  const mimeType = text('mime_type');
  switch (as) {
    case 'IMAGE':
      return [{ type: 'image', data: text('data'), mimeType }];
    case 'AUDIO':
      return [{ type: 'audio', data: text('data'), mimeType }];
    case 'LINK':
      return [
        { type: 'resource_link', uri: text('uri'), name: text('name'), ...(mimeType ? { mimeType } : {}) },
      ];
    case 'RESOURCE': {
      const named = { uri: text('uri'), mimeType };
      const resource =
        typeof value['blob'] === 'string'
          ? { ...named, blob: value['blob'] }
          : { ...named, text: text('text') };
      return [{ type: 'resource', resource }];
    }
  }
}
