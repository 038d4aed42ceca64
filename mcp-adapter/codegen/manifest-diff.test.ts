import { describe, expect, it } from 'vitest';
import { loadManifest, type Manifest } from '../src/manifest.ts';
import { diffManifests } from './manifest-diff.ts';

const manifest = loadManifest();

/** The changes after an edit of a copy. */
function changesAfter(edit: (copy: Manifest) => void): string[] {
  const copy = structuredClone(manifest);
  edit(copy);
  return diffManifests(manifest, copy).map(({ breaking, text }) => `${breaking ? 'BREAKING ' : ''}${text}`);
}

function tool(copy: Manifest, name: string) {
  const found = copy.tools.find((entry) => entry.name === name);
  if (!found) throw new Error(`no tool ${name}`);
  return found;
}

describe('diffManifests', () => {
  it('finds nothing between a manifest and itself', () => {
    expect(diffManifests(manifest, structuredClone(manifest))).toEqual([]);
  });

  it('calls a removed tool breaking and an added one not', () => {
    const without = structuredClone(manifest);
    without.tools = without.tools.filter(({ name }) => name !== 'query_memory');
    expect(diffManifests(manifest, without)).toEqual([
      { breaking: true, text: 'tool query_memory: removed' },
    ]);
    expect(diffManifests(without, manifest)).toEqual([{ breaking: false, text: 'tool query_memory: added' }]);
  });

  it('tells a required argument from an optional one', () => {
    const changes = changesAfter((copy) => {
      const { inputSchema } = tool(copy, 'query_memory');
      inputSchema.properties = {
        ...inputSchema.properties,
        must: { type: 'string' },
        may: { type: 'string' },
      };
      inputSchema.required = [...(inputSchema.required ?? []), 'must', 'user_id'];
    });
    expect(changes).toEqual([
      'BREAKING tool query_memory: argument user_id: changed whether it must be there',
      'BREAKING tool query_memory: argument must: added',
      'tool query_memory: argument may: added',
    ]);
  });

  it('looks into lists, unions and enums', () => {
    const changes = changesAfter((copy) => {
      const item = tool(copy, 'submit_memories').inputSchema.properties?.['memories']?.items;
      delete item?.properties?.['text'];
      const kind = item?.properties?.['kind'];
      if (kind?.enum) kind.enum = kind.enum.filter((value) => value !== 'NOTE');
      const members = tool(copy, 'submit_memory').outputSchema.properties?.['result'];
      const named = (name: string) =>
        members?.anyOf?.find((m) => m.properties?.['__typename']?.const === name);
      delete named('SubmitMemoryPayload')?.properties?.['memory'];
      if (members?.anyOf) members.anyOf = members.anyOf.filter((m) => m !== named('DuplicateSource'));
    });
    expect(changes.toSorted()).toEqual([
      'BREAKING tool submit_memories: argument memories[].kind: no longer NOTE',
      'BREAKING tool submit_memories: argument memories[].text: removed',
      'BREAKING tool submit_memory: answer result<SubmitMemoryPayload>.memory: removed',
      'tool submit_memory: answer result<DuplicateSource>: removed',
    ]);
  });

  it('names changed scopes, types and URIs', () => {
    const changes = changesAfter((copy) => {
      tool(copy, 'query_memory').scopes = [['memories:admin']];
      Object.assign(tool(copy, 'query_memory').inputSchema.properties?.['first'] ?? {}, { type: 'string' });
      Object.assign(copy.resources[0] ?? {}, { uriTemplate: 'memory://{memory_id}' });
      tool(copy, 'query_memory').description = 'Else.';
    });
    expect(changes).toEqual([
      'BREAKING tool query_memory: argument first type changed',
      'BREAKING tool query_memory: scopes changed',
      'BREAKING resource memory: URI template changed',
      'tool query_memory: description changed',
    ]);
  });
});
